#include "oracles/compare/element_bytes.h"

#include <cstring>

namespace oracles {

namespace {

using engine::DType;

template <class Word>
void flip_sign_bits(std::byte* bytes, int64_t words, int64_t first, int64_t step) {
  constexpr auto sign = static_cast<Word>(Word{1} << (8 * sizeof(Word) - 1));
  for (int64_t i = first; i < words; i += step) {
    Word word;
    std::memcpy(&word, bytes + i * static_cast<int64_t>(sizeof(Word)), sizeof(Word));
    word = static_cast<Word>(word ^ sign);
    std::memcpy(bytes + i * static_cast<int64_t>(sizeof(Word)), &word, sizeof(Word));
  }
}

template <class Word>
void negate_integers(std::byte* bytes, int64_t words) {
  for (int64_t i = 0; i < words; ++i) {
    Word word;
    std::memcpy(&word, bytes + i * static_cast<int64_t>(sizeof(Word)), sizeof(Word));
    word = static_cast<Word>(Word{0} - word);
    std::memcpy(bytes + i * static_cast<int64_t>(sizeof(Word)), &word, sizeof(Word));
  }
}

// With the unsigned integer as wide as a component of the dtype.
template <class Call>
void with_word(DType component, Call&& call) {
  switch (engine::size_of(component)) {
    case 1:
      return call.template operator()<uint8_t>();
    case 2:
      return call.template operator()<uint16_t>();
    case 4:
      return call.template operator()<uint32_t>();
    default:
      return call.template operator()<uint64_t>();
  }
}

template <class Block>
void gather_blocks(const std::byte* base, const engine::Dims& sizes, const engine::Dims& strides,
                   int64_t offset, std::byte* out) {
  engine::for_each_position(sizes, strides, offset, [&](int64_t position) {
    std::memcpy(out, base + position * static_cast<int64_t>(sizeof(Block)), sizeof(Block));
    out += sizeof(Block);
  });
}

struct SixteenBytes {
  uint64_t words[2];
};

}  // namespace

void negate(DType dtype, std::byte* bytes, int64_t elements) {
  if (dtype == DType::b8) return;
  const bool integral = engine::is_integral(dtype);
  with_word(engine::component_of(dtype), [&]<class Word>() {
    if (integral)
      negate_integers<Word>(bytes, elements);
    else
      flip_sign_bits<Word>(bytes, engine::is_complex(dtype) ? 2 * elements : elements, 0, 1);
  });
}

void conjugate(DType dtype, std::byte* bytes, int64_t elements) {
  if (!engine::is_complex(dtype)) return;
  with_word(engine::component_of(dtype),
            [&]<class Word>() { flip_sign_bits<Word>(bytes, 2 * elements, 1, 2); });
}

std::vector<std::byte> gathered(DType dtype, const std::byte* base, const engine::Dims& sizes,
                                const engine::Dims& strides, int64_t offset) {
  const auto count = static_cast<size_t>(engine::element_count(sizes));
  const size_t width = engine::size_of(dtype);
  std::vector<std::byte> out(count * width);
  if (count == 0) return out;
  if (engine::is_contiguous(sizes, strides)) {
    std::memcpy(out.data(), base + offset * static_cast<int64_t>(width), out.size());
    return out;
  }
  switch (width) {
    case 1:
      gather_blocks<uint8_t>(base, sizes, strides, offset, out.data());
      break;
    case 2:
      gather_blocks<uint16_t>(base, sizes, strides, offset, out.data());
      break;
    case 4:
      gather_blocks<uint32_t>(base, sizes, strides, offset, out.data());
      break;
    case 8:
      gather_blocks<uint64_t>(base, sizes, strides, offset, out.data());
      break;
    default:
      gather_blocks<SixteenBytes>(base, sizes, strides, offset, out.data());
      break;
  }
  return out;
}

std::vector<std::byte> logical_values(DType dtype, const std::byte* base, const TensorSnapshot& shape) {
  std::vector<std::byte> values = gathered(dtype, base, shape.sizes, shape.strides, shape.offset);
  const auto count = static_cast<int64_t>(values.size() / engine::size_of(dtype));
  if (shape.neg) negate(dtype, values.data(), count);
  if (shape.conj) conjugate(dtype, values.data(), count);
  return values;
}

}  // namespace oracles
