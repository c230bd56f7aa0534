// Registration: owns one addition to a dispatcher and undoes it when it ends. Registrations may end in any
// order. A registration that outlives its dispatcher does nothing.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace engine {

class Dispatcher;

// Shared by a dispatcher and its registrations; says whether the dispatcher still exists.
struct DispatcherLife;

class Registration {
 public:
  Registration() = default;
  Registration(Registration&& other) noexcept = default;
  Registration& operator=(Registration&& other) noexcept {
    reset();
    life_ = std::move(other.life_);
    undo_ = std::move(other.undo_);
    return *this;
  }
  ~Registration() { reset(); }

  void reset();

 private:
  friend class Dispatcher;
  using Undo = std::function<void(Dispatcher&)>;  // under the dispatcher's lock
  Registration(std::shared_ptr<DispatcherLife> life, Undo undo)
      : life_(std::move(life)), undo_(std::move(undo)) {}

  std::shared_ptr<DispatcherLife> life_;  // null: nothing is registered
  Undo undo_;
};

using Registrations = std::vector<Registration>;

}  // namespace engine
