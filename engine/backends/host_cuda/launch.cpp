#include "engine/backends/host_cuda/launch.h"

#include <utility>

#include "engine/backends/host_cuda/block.h"
#include "engine/core/error.h"
#include "engine/core/storage.h"

namespace engine::host_cuda {

namespace {

thread_local constinit uint64_t thread_order = 0;
thread_local constinit Block* running_block = nullptr;
thread_local constinit std::byte* running_shared = nullptr;

// The shared memory of one block.
class Shared {
 public:
  explicit Shared(size_t bytes) : allocator_(thread_allocator()), bytes_(bytes) {
    if (bytes_ > 0) running_shared = static_cast<std::byte*>(allocator_.allocate(bytes_));
  }
  ~Shared() {
    if (running_shared) allocator_.release(running_shared, bytes_);
    running_shared = nullptr;
  }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

 private:
  Allocator& allocator_;
  size_t bytes_;
};

Block& block_of_barrier() {
  if (!running_block) throw Error("a kernel launched without barriers called barrier()", ErrorKind::internal);
  return *running_block;
}

// Upwards, or downwards for odd orders: a kernel without barriers must not depend on the order.
void run_loop(const Grid& grid, void (*body)(const void*), const void* argument) {
  const unsigned threads = grid.threads * grid.threads_y;
  for (unsigned i = 0; i < threads; ++i) {
    const unsigned number = thread_order % 2 == 0 ? i : threads - 1 - i;
    threadIdx = {number % grid.threads, number / grid.threads};
    body(argument);
  }
}

void run_with_barriers(const Grid& grid, void (*body)(const void*), const void* argument) {
  Block block(grid, body, argument, thread_order);
  struct Running {
    Block* before;
    explicit Running(Block* now) : before(std::exchange(running_block, now)) {}
    ~Running() { running_block = before; }
  } const running(&block);
  block.run();
}

}  // namespace

void barrier(std::source_location here) { block_of_barrier().wait_for_block(here); }

uint64_t shuffled_down(uint64_t bits, unsigned delta, std::source_location here) {
  return block_of_barrier().shuffle_down(bits, delta, here);
}

std::byte* shared_bytes() { return running_shared; }

UseThreadOrder::UseThreadOrder(uint64_t seed) : before_(std::exchange(thread_order, seed)) {}
UseThreadOrder::~UseThreadOrder() { thread_order = before_; }

void run_grid(const Grid& grid, void (*body)(const void*), const void* argument) {
  blockDim = {grid.threads, grid.threads_y, 1};
  for (unsigned block = 0; block < grid.blocks; ++block) {
    blockIdx = {block, 0, 0};
    const Shared shared(grid.shared_bytes);
    (grid.has_barriers ? run_with_barriers : run_loop)(grid, body, argument);
  }
}

}  // namespace engine::host_cuda
