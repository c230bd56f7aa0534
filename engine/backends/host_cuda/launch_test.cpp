#include "engine/backends/host_cuda/launch.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "engine/core/error.h"
#include "engine/core/storage.h"

namespace engine::host_cuda {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Seen {
  std::vector<unsigned>* threads;
};
void note_thread(Seen seen) { seen.threads->push_back(blockIdx.x * blockDim.x + threadIdx.x); }

std::vector<unsigned> noted(const Grid& grid, uint64_t order) {
  std::vector<unsigned> threads;
  const UseThreadOrder use(order);
  launch(grid, note_thread, Seen{&threads});
  return threads;
}

TEST(Launch, EachThreadRunsOnce) {
  for (const bool barriers : {false, true}) {
    for (const uint64_t order : {0U, 1U, 77U}) {
      std::vector<unsigned> threads = noted({.blocks = 3, .threads = 40, .has_barriers = barriers}, order);
      std::sort(threads.begin(), threads.end());
      std::vector<unsigned> all(120);
      std::iota(all.begin(), all.end(), 0U);
      EXPECT_EQ(threads, all) << order;
    }
  }
}

TEST(Launch, SeedFixesTheOrder) {
  const Grid grid{.threads = 8};
  EXPECT_THAT(noted(grid, 0), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_EQ(noted(grid, 5), noted(grid, 5));
  EXPECT_NE(noted(grid, 5), noted(grid, 6));
  EXPECT_NE(noted(grid, 5), noted(grid, 0));
}

TEST(Launch, ThreadIdxHasTwoDimensions) {
  struct Places {
    std::vector<int>* sums;
  };
  std::vector<int> sums(6, 0);
  launch(
      {.threads = 3, .threads_y = 2},
      +[](Places of) {
        (*of.sums)[threadIdx.y * blockDim.x + threadIdx.x] += static_cast<int>(threadIdx.y + 1);
      },
      Places{&sums});
  EXPECT_THAT(sums, ElementsAre(1, 1, 1, 2, 2, 2));
}

struct Neighbours {
  int* out;
  bool waits;
};
// Each thread writes its number and reads its neighbour's.
void read_neighbour(Neighbours of) {
  int* const numbers = shared_memory<int>();
  numbers[threadIdx.x] = static_cast<int>(threadIdx.x);
  if (of.waits) barrier();
  of.out[threadIdx.x] = numbers[(threadIdx.x + 1) % blockDim.x];
}

std::vector<int> neighbours(bool waits, uint64_t order) {
  std::vector<int> out(64, -1);
  const UseThreadOrder use(order);
  launch({.threads = 64, .shared_bytes = 64 * sizeof(int)}, read_neighbour, Neighbours{out.data(), waits});
  return out;
}

TEST(Barrier, ResultIsTheSameInEveryOrder) {
  for (const uint64_t order : {1U, 2U, 3U}) EXPECT_EQ(neighbours(true, order), neighbours(true, 0));
  EXPECT_EQ(neighbours(true, 0)[63], 0);
  EXPECT_EQ(neighbours(true, 0)[0], 1);
}

TEST(Barrier, MissingBarrierChangesTheResult) { EXPECT_NE(neighbours(false, 1), neighbours(true, 1)); }

struct Nothing {};
std::string error_of(const Grid& grid, void (*kernel)(Nothing)) {
  try {
    launch(grid, kernel, Nothing{});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    return error.what();
  }
  return "";
}

TEST(Barrier, DivergentBarrierIsAnErrorThatNamesTwoThreads) {
  const std::string some = error_of(
      {.threads = 40}, +[](Nothing) {
        if (threadIdx.x < 7) barrier();
      });
  EXPECT_THAT(some, HasSubstr("thread 0 waits at launch_test.cpp:"));
  EXPECT_THAT(some, HasSubstr("thread 7 has returned"));
  const std::string two_places = error_of(
      {.threads = 4}, +[](Nothing) {
        if (threadIdx.x % 2 == 0)
          barrier();
        else
          barrier();
      });
  EXPECT_THAT(two_places, HasSubstr("thread 1 waits at launch_test.cpp:"));
  // The next launch works.
  EXPECT_EQ(neighbours(true, 9), neighbours(true, 0));
}

TEST(Barrier, BarrierInAKernelDeclaredWithoutIsAnError) {
  const std::string undeclared = error_of({.threads = 2, .has_barriers = false}, +[](Nothing) { barrier(); });
  EXPECT_THAT(undeclared, HasSubstr("without barriers"));
}

struct Shuffled {
  uint64_t* out;
  unsigned delta;
};
void shuffle(Shuffled of) { of.out[threadIdx.x] = shuffle_down(uint64_t{threadIdx.x}, of.delta); }

TEST(Shuffle, TakesFromTheSameWarpOnly) {
  for (const uint64_t order : {0U, 4U}) {
    std::vector<uint64_t> out(64);
    const UseThreadOrder use(order);
    launch({.threads = 64}, shuffle, Shuffled{out.data(), 4});
    for (uint64_t i = 0; i < 64; ++i) EXPECT_EQ(out[i], i % 32 < 28 ? i + 4 : i) << i;
  }
}

TEST(Shuffle, WarpsShuffleIndependently) {
  std::vector<uint64_t> out(64);
  launch(
      {.threads = 64},
      +[](Shuffled of) {
        uint64_t x = threadIdx.x;
        const unsigned rounds = threadIdx.x < 32 ? 1 : 3;
        for (unsigned i = 0; i < rounds; ++i) x = shuffle_down(x, 1);
        barrier();
        of.out[threadIdx.x] = x;
      },
      Shuffled{out.data(), 0});
  EXPECT_EQ(out[0], 1U);
  EXPECT_EQ(out[32], 35U);
}

// It is fresh for each block, as its allocator leaves it.
TEST(SharedMemory, ComesFromTheThreadsAllocator) {
  struct Patterned final : Allocator {
    int taken = 0, given = 0;
    void* allocate(size_t bytes) override {
      ++taken;
      return std::memset(system_allocator().allocate(bytes), 0x5C, bytes);
    }
    void release(void* data, size_t bytes) noexcept override {
      ++given;
      system_allocator().release(data, bytes);
    }
  } patterned;
  std::vector<uint64_t> out(2);
  {
    const UseAllocator use(patterned);
    launch(
        {.blocks = 2, .threads = 1, .shared_bytes = 1},
        +[](Shuffled of) {
          of.out[blockIdx.x] = std::to_integer<uint64_t>(*shared_memory<std::byte>());
          *shared_memory<std::byte>() = std::byte{1};
        },
        Shuffled{out.data(), 0});
  }
  EXPECT_THAT(out, ElementsAre(0x5CU, 0x5CU));
  EXPECT_EQ(patterned.taken, 2);
  EXPECT_EQ(patterned.given, 2);
}

}  // namespace
}  // namespace engine::host_cuda
