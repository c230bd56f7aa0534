#include "engine/backends/host_cuda/block.h"

#include <algorithm>
#include <numeric>

#include "engine/core/error.h"

namespace engine::host_cuda {

namespace {

constexpr size_t warp_size = 32;

// Unwinds the stack of a thread in a deadlock.
struct Abandoned {};

// A pseudorandom number (SplitMix64).
uint64_t mixed(uint64_t seed, uint64_t index) {
  uint64_t x = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

bool same_place(const std::source_location& a, const std::source_location& b) {
  if (a.line() != b.line() || a.column() != b.column()) return false;
  return a.file_name() == b.file_name() || std::string_view(a.file_name()) == b.file_name();
}

std::string place_text(const std::source_location& at) {
  const std::string_view file = at.file_name();
  return std::string(file.substr(file.rfind('/') + 1)) + ":" + std::to_string(at.line());
}

}  // namespace

Block::Block(const Grid& grid, void (*body)(const void*), const void* argument, uint64_t order)
    : grid_(grid), body_(body), argument_(argument), order_(order) {
  threads_.resize(size_t{grid.threads} * grid.threads_y);
  for (size_t i = 0; i < threads_.size(); ++i) {
    threads_[i].block = this;
    threads_[i].number = i;
    fibers_.emplace_back(run_thread, &threads_[i]);
  }
}

void Block::run_thread(void* thread) {
  auto& own = *static_cast<Thread*>(thread);
  try {
    own.block->body_(own.block->argument_);
  } catch (const Abandoned&) {  // NOLINT(bugprone-empty-catch): the stack is unwound
  }
  own.state = State::done;
}

void Block::give_turn(size_t number) {
  current_ = number;
  threadIdx = {static_cast<unsigned>(number % grid_.threads), static_cast<unsigned>(number / grid_.threads)};
  fibers_[number].enter();
}

void Block::wait(State state, std::source_location here) {
  Thread& own = threads_[current_];
  own.state = state;
  own.at = here;
  fibers_[own.number].leave();
  if (abandoned_) throw Abandoned();
}

void Block::wait_for_block(std::source_location here) { wait(State::at_barrier, here); }

uint64_t Block::shuffle_down(uint64_t bits, unsigned delta, std::source_location here) {
  Thread& own = threads_[current_];
  const size_t warp = own.number / warp_size, from = own.number + delta, turn = own.shuffles++ % 2;
  own.shuffled[turn] = bits;
  wait(State::at_shuffle, here);
  const bool there = from < threads_.size() && from / warp_size == warp;
  return there ? threads_[from].shuffled[turn] : bits;
}

std::vector<size_t> Block::turns(uint64_t round) const {
  std::vector<size_t> order(threads_.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (order_ == 0) return order;
  const uint64_t seed = mixed(order_, round);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[mixed(seed, i) % i]);
  return order;
}

// In half of all orders, one of the ready warps runs alone until it has to wait for another. If all warps
// kept pace, no warp would see what another does too early.
std::optional<size_t> Block::warp_ahead() const {
  std::optional<size_t> ahead;
  if ((order_ & 2) == 0 || threads_.size() <= warp_size) return ahead;
  for (const Thread& thread : threads_) {
    const size_t warp = thread.number / warp_size;
    if (thread.state != State::ready || ahead == warp) continue;
    if (!ahead || mixed(order_, warp) > mixed(order_, *ahead)) ahead = warp;
  }
  return ahead;
}

bool Block::release(State state, size_t from, size_t to) {
  const Thread& first = threads_[from];
  for (size_t i = from; i < to; ++i)
    if (threads_[i].state != state || !same_place(threads_[i].at, first.at)) return false;
  for (size_t i = from; i < to; ++i) threads_[i].state = State::ready;
  return true;
}

bool Block::release_any() {
  if (release(State::at_barrier, 0, threads_.size())) return true;
  bool released = false;
  for (size_t from = 0; from < threads_.size(); from += warp_size)
    released |= release(State::at_shuffle, from, std::min(from + warp_size, threads_.size()));
  return released;
}

// Names two threads that wait for each other.
std::string Block::deadlock_text() const {
  const auto waits = [](const Thread& thread) { return thread.state != State::done; };
  const auto one = std::find_if(threads_.begin(), threads_.end(), waits);
  const auto other = std::find_if(threads_.begin(), threads_.end(), [&](const Thread& thread) {
    return thread.state != one->state || !same_place(thread.at, one->at);
  });
  const auto doing = [&](const Thread& thread) {
    const std::string name = "thread " + std::to_string(thread.number);
    return waits(thread) ? name + " waits at " + place_text(thread.at) : name + " has returned";
  };
  return "divergent barrier in block " + std::to_string(blockIdx.x) + ": " + doing(*one) + ", " +
         doing(*other);
}

// Ends each waiting thread where it is, so that its destructors run.
void Block::abandon() {
  abandoned_ = true;
  for (size_t i = 0; i < threads_.size(); ++i)
    while (!fibers_[i].is_done()) give_turn(i);
}

void Block::run() {
  for (uint64_t round = 0;; ++round) {
    const std::optional<size_t> ahead = warp_ahead();
    for (const size_t number : turns(round))
      if (threads_[number].state == State::ready && (!ahead || number / warp_size == *ahead))
        give_turn(number);
    const auto in = [](State state) {
      return [state](const Thread& thread) { return thread.state == state; };
    };
    if (std::all_of(threads_.begin(), threads_.end(), in(State::done))) return;
    if (release_any() || std::any_of(threads_.begin(), threads_.end(), in(State::ready))) continue;
    const std::string why = deadlock_text();
    abandon();
    throw Error(why, ErrorKind::internal);
  }
}

}  // namespace engine::host_cuda
