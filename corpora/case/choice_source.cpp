#include "corpora/case/choice_source.h"

#include <Random123/philox.h>

#include <algorithm>
#include <bit>

#include "engine/core/check.h"

namespace corpora {

PhiloxChoices::PhiloxChoices(uint64_t seed, uint64_t stream, uint64_t index)
    : seed_(seed), stream_(stream), index_(index) {}

uint64_t PhiloxChoices::next64() {
  if (used_ == words_.size()) {
    const r123::Philox4x64::ctr_type counter{{index_, block_++, 0, 0}};
    const r123::Philox4x64::key_type key{{seed_, stream_}};
    const r123::Philox4x64::ctr_type words = r123::Philox4x64()(counter, key);
    std::copy(words.begin(), words.end(), words_.begin());
    used_ = 0;
  }
  return words_[used_++];
}

// Lemire's method (2019): every number below n is equally likely.
uint64_t PhiloxChoices::below(uint64_t n) {
  CHECK(n >= 1, "a choice needs at least one alternative");
  if (n == 1) return 0;
  using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(next64()) * n;
  if (static_cast<uint64_t>(product) < n) {
    const uint64_t threshold = (0 - n) % n;
    while (static_cast<uint64_t>(product) < threshold) product = static_cast<Wide>(next64()) * n;
  }
  return static_cast<uint64_t>(product >> 64);
}

uint64_t ByteChoices::below(uint64_t n) {
  CHECK(n >= 1, "a choice needs at least one alternative");
  const int bytes_needed = (static_cast<int>(std::bit_width(n - 1)) + 7) / 8;
  uint64_t value = 0;
  for (int b = 0; b < bytes_needed && used_ < bytes_.size(); ++b)
    value |= static_cast<uint64_t>(bytes_[used_++]) << (8 * b);
  return value % n;
}

bool EnumerationChoices::next() {
  if (!started_) {
    started_ = true;
    return true;
  }
  steps_.resize(at_);  // the last draw made no more choices than these
  at_ = 0;
  while (!steps_.empty() && ++steps_.back().value == steps_.back().bound) steps_.pop_back();
  return !steps_.empty();
}

uint64_t EnumerationChoices::below(uint64_t n) {
  CHECK(n >= 1, "a choice needs at least one alternative");
  CHECK(started_, "call next() before the first choice");
  if (n == 1) return 0;
  if (at_ == steps_.size()) steps_.push_back({0, n});
  CHECK(steps_[at_].bound == n, "after equal choices, n must be the same");
  return steps_[at_++].value;
}

}  // namespace corpora
