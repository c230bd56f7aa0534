// Registration: what was added to a dispatcher, undone when this ends. Exactly that one thing is undone, in
// whatever order registrations end. One that outlives its dispatcher does nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace engine {

class Dispatcher;

// Shared by a dispatcher and its registrations: how they find out that it is gone.
struct DispatcherLife;

enum class Registers : uint8_t { nothing, definition, kernel, fallback, name_space, observer };

class Registration {
 public:
  Registration() = default;
  Registration(Registration&& other) noexcept
      : life_(std::move(other.life_)),
        what_(std::exchange(other.what_, Registers::nothing)),
        owner_(other.owner_),
        object_(other.object_) {}
  Registration& operator=(Registration&& other) noexcept {
    reset();
    life_ = std::move(other.life_);
    what_ = std::exchange(other.what_, Registers::nothing);
    owner_ = other.owner_;
    object_ = other.object_;
    return *this;
  }
  ~Registration() { reset(); }

  void reset();
  explicit operator bool() const { return what_ != Registers::nothing; }

 private:
  friend class Dispatcher;
  Registration(std::shared_ptr<DispatcherLife> life, Registers what, const void* owner, const void* object)
      : life_(std::move(life)), what_(what), owner_(owner), object_(object) {}

  std::shared_ptr<DispatcherLife> life_;
  Registers what_ = Registers::nothing;
  const void* owner_ = nullptr;   // the operator, where it has one
  const void* object_ = nullptr;  // what was registered
};

using Registrations = std::vector<Registration>;

}  // namespace engine
