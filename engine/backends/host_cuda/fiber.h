// Fiber: a call that can be left in its middle and gone on with later, on a stack of its own. Promises: the
// address sanitizer is told of every change of stacks; stacks are kept for the next fibers of the thread.
#pragma once

#include <boost/context/fiber.hpp>
#include <cstddef>
#include <memory>

namespace engine::host_cuda {

class FiberStack;

class Fiber {
 public:
  using Body = void (*)(void* argument);

  // Runs nothing yet.
  Fiber(Body body, void* argument);
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  ~Fiber();  // the body has returned, or never begun

  // Runs the body up to its next leave(), or to its end. From outside.
  void enter();
  // Back to whoever entered. From inside.
  void leave();
  bool is_done() const { return done_; }

 private:
  boost::context::fiber begin(boost::context::fiber&& outside);

  Body body_;
  void* argument_;
  std::unique_ptr<FiberStack> stack_;
  boost::context::fiber inside_, outside_;
  // Where the one that entered has its stack, for the sanitizer.
  const void* outer_stack_ = nullptr;
  size_t outer_bytes_ = 0;
  bool done_ = false;
};

}  // namespace engine::host_cuda
