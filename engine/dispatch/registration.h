// Registration: owns one addition to a dispatcher and undoes it when it ends. Registrations may end in any
// order. A registration that outlives its dispatcher does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace engine {

class Dispatcher;

// Shared by a dispatcher and its registrations; says whether the dispatcher still exists.
struct DispatcherLife;

enum class Registers : uint8_t { definition, kernel, fallback, observer };

class Registration {
 public:
  Registration() = default;
  Registration(Registration&& other) noexcept = default;
  Registration& operator=(Registration&& other) noexcept {
    reset();
    life_ = std::move(other.life_);
    what_ = other.what_;
    owner_ = other.owner_;
    object_ = other.object_;
    return *this;
  }
  ~Registration() { reset(); }

  void reset();

 private:
  friend class Dispatcher;
  Registration(std::shared_ptr<DispatcherLife> life, Registers what, const void* owner, const void* object)
      : life_(std::move(life)), what_(what), owner_(owner), object_(object) {}

  std::shared_ptr<DispatcherLife> life_;  // null: nothing is registered
  Registers what_ = Registers::definition;
  const void* owner_ = nullptr;   // the operator of a definition or kernel
  const void* object_ = nullptr;  // what was registered
};

using Registrations = std::vector<Registration>;

}  // namespace engine
