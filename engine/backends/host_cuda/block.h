// Block: runs the threads of one block whose kernel has barriers, as fibers that take turns.
#pragma once

#include <deque>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "engine/backends/host_cuda/fiber.h"
#include "engine/backends/host_cuda/launch.h"

namespace engine::host_cuda {

class Block {
 public:
  Block(const Grid& grid, void (*body)(const void*), const void* argument, uint64_t order);
  // Throws Error(internal) on a deadlock.
  void run();

  // Called by the running thread.
  void wait_for_block(std::source_location here);
  uint64_t shuffle_down(uint64_t bits, unsigned delta, std::source_location here);

 private:
  enum class State : uint8_t { ready, at_barrier, at_shuffle, done };
  struct Thread {
    Block* block = nullptr;
    size_t number = 0;
    State state = State::ready;
    std::source_location at = {};
    uint64_t shuffled[2] = {};  // alternating, so that a thread overwrites no value that another still reads
    unsigned shuffles = 0;
  };

  static void run_thread(void* thread);
  void give_turn(size_t number);
  void wait(State state, std::source_location here);
  std::vector<size_t> turns(uint64_t round) const;
  std::optional<size_t> warp_ahead() const;
  // Makes the threads [from, to) ready if all of them wait in `state` at one place in the source.
  bool release(State state, size_t from, size_t to);
  bool release_any();
  void abandon();
  std::string deadlock_text() const;

  const Grid& grid_;
  void (*body_)(const void*);
  const void* argument_;
  uint64_t order_;
  std::vector<Thread> threads_;
  std::deque<Fiber> fibers_;
  size_t current_ = 0;
  bool abandoned_ = false;
};

}  // namespace engine::host_cuda
