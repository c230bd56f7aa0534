#include "oracles/compare/element_bytes.h"

#include <algorithm>
#include <cstring>

#include "oracles/compare/element.h"

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

// Calls with the unsigned integer of this width.
template <class Call>
void with_word(size_t width, Call&& call) {
  switch (width) {
    case 1:
      return call.template operator()<uint8_t>();
    case 2:
      return call.template operator()<uint16_t>();
    case 4:
      return call.template operator()<uint32_t>();
    case 8:
      return call.template operator()<uint64_t>();
    default:
      return call.template operator()<unsigned __int128>();
  }
}

}  // namespace

void negate(DType dtype, std::byte* bytes, int64_t elements) {
  if (dtype == DType::b8) return;
  const bool integral = engine::is_integral(dtype);
  with_word(engine::size_of(engine::component_of(dtype)), [&]<class Word>() {
    if (integral)
      negate_integers<Word>(bytes, elements);
    else
      flip_sign_bits<Word>(bytes, engine::is_complex(dtype) ? 2 * elements : elements, 0, 1);
  });
}

void conjugate(DType dtype, std::byte* bytes, int64_t elements) {
  if (!engine::is_complex(dtype)) return;
  with_word(engine::size_of(engine::component_of(dtype)),
            [&]<class Word>() { flip_sign_bits<Word>(bytes, 2 * elements, 1, 2); });
}

std::vector<std::byte> converted(const std::vector<std::byte>& bytes, DType from, DType to) {
  const size_t read = engine::size_of(from), written = engine::size_of(to);
  const auto part = written / static_cast<size_t>(components_of(to));
  std::vector<std::byte> made(bytes.size() / read * written);
  for (size_t i = 0; i < bytes.size() / read; ++i)
    for (int n = 0; n < std::min(components_of(from), components_of(to)); ++n)
      store_component(to, component_at(from, bytes.data() + i * read, n),
                      made.data() + i * written + static_cast<size_t>(n) * part);
  return made;
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
  with_word(width, [&]<class Word>() {
    std::byte* to = out.data();
    engine::for_each_position(sizes, strides, offset, [&](int64_t position) {
      std::memcpy(to, base + position * static_cast<int64_t>(sizeof(Word)), sizeof(Word));
      to += sizeof(Word);
    });
  });
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
