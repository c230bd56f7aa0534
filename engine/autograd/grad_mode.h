// GradMode: whether this thread records calls for differentiation; initially it does. A guard changes it for
// a scope.
#pragma once

namespace engine::autograd {

extern constinit thread_local bool grad_enabled __attribute__((tls_model("initial-exec")));

class GradMode {
 public:
  explicit GradMode(bool enabled) : before_(grad_enabled) { grad_enabled = enabled; }
  ~GradMode() { grad_enabled = before_; }
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

  static bool enabled() { return grad_enabled; }

 private:
  bool before_;
};

struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

}  // namespace engine::autograd
