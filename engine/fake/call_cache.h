// CallCache: the results of calls that a fake mode has computed, by everything that decides them: the
// operator with its Meta kernel, the thread's keys, and of each argument its value, or its dtype, sizes,
// strides, offset, storage bytes, device, keys, grad requirement, and which other arguments are the same
// tensor or share its storage. Promises: a hit gives what the miss gave, and runs no kernel. Bypassed are
// calls whose arguments or results say more than that: see the reasons.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/geometry.h"
#include "engine/core/stack.h"
#include "engine/dispatch/kernel.h"

namespace engine::fake {

// An argument of the call, and that of the operator's kernel.
struct GivenTensor {
  Tensor fake, inner;
};
using GivenTensors = SmallVector<GivenTensor, 4>;

struct CachedTensor {
  enum class Kind : uint8_t { undefined, argument, view, fresh } kind = Kind::undefined;
  size_t argument = 0;  // of `argument` and `view`
  KeySet keys = {};     // of the inner tensor
  DType dtype = DType::f32;
  Geometry geometry = {};
  int64_t offset = 0;
  size_t bytes = 0;  // of a fresh storage
};

struct CachedResult {
  bool is_list = false;
  std::vector<CachedTensor> tensors;
};

struct CachedCall {
  Device device;
  std::vector<CachedResult> results;
};

class CallCache {
 public:
  using Key = SmallVector<uint64_t, 64>;

  struct Counts {
    uint64_t hits = 0, misses = 0;
    std::unordered_map<std::string_view, uint64_t> bypasses;  // by reason
  };

  // Why calls with these arguments are not kept; empty if they are. The key is then complete.
  static std::string_view key_of(const Call& call, const Stack& arguments, const GivenTensors& given,
                                 Key& key);
  // Why these results are not kept; empty if they are.
  static std::string_view describe(const Stack& results, const GivenTensors& given, CachedCall& made);

  const CachedCall* find(const Key& key);
  void keep(const Key& key, CachedCall call);
  void count_bypass(std::string_view reason) { ++counts_.bypasses[reason]; }
  const Counts& counts() const { return counts_; }
  void clear() { calls_.clear(); }

 private:
  static constexpr size_t calls_max = 1 << 14;

  struct Hash {
    size_t operator()(const Key& key) const;
  };
  std::unordered_map<Key, CachedCall, Hash> calls_;
  Counts counts_;
};

}  // namespace engine::fake
