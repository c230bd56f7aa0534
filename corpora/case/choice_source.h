// ChoiceSource: the source of all random decisions: numbers below n. A counter-based generator, the bytes of
// a fuzzer or an enumeration can drive the same draw(). Results do not depend on compiler or machine: no
// std:: distribution, no floating point.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace corpora {

class ChoiceSource {
 public:
  virtual ~ChoiceSource() = default;

  // A number in [0, n). n must be at least 1.
  virtual uint64_t below(uint64_t n) = 0;

  bool chance(uint64_t numerator, uint64_t denominator) { return below(denominator) < numerator; }
  int64_t between(int64_t low, int64_t high) {  // both included
    const uint64_t first = static_cast<uint64_t>(low);
    return static_cast<int64_t>(first + below(static_cast<uint64_t>(high) - first + 1));
  }
  template <class Container>
  const auto& pick(const Container& container) {
    return container[below(container.size())];
  }
};

// Philox 4x64-10 (Salmon et al., SC 2011) with key (seed, stream) and counter (index, blocks so far).
class PhiloxChoices final : public ChoiceSource {
 public:
  PhiloxChoices(uint64_t seed, uint64_t stream, uint64_t index);
  uint64_t below(uint64_t n) override;

 private:
  uint64_t next64();
  uint64_t seed_, stream_, index_;
  uint64_t block_ = 0;
  std::array<uint64_t, 4> words_{};
  size_t used_ = 4;
};

// Bytes from a fuzzer; after the last byte every choice is 0, the simplest.
class ByteChoices final : public ChoiceSource {
 public:
  explicit ByteChoices(std::span<const std::byte> bytes) : bytes_(bytes) {}
  uint64_t below(uint64_t n) override;

 private:
  std::span<const std::byte> bytes_;
  size_t used_ = 0;
};

// All sequences of choices, one after another: while (e.next()) draw(..., e). After equal choices, the draw
// must request a number below the same n.
class EnumerationChoices final : public ChoiceSource {
 public:
  bool next();  // call before each draw; false if there are no more sequences
  uint64_t below(uint64_t n) override;

 private:
  struct Step {
    uint64_t value, bound;
  };
  std::vector<Step> steps_;
  size_t at_ = 0;
  bool started_ = false;
};

}  // namespace corpora
