#include "oracles/compare/spelling.h"

#include <fmt/format.h>

#include "corpora/case/number_text.h"
#include "corpora/case/text.h"
#include "oracles/compare/element.h"

namespace oracles {

namespace {

std::string number_text(engine::DType dtype, double x) {
  if (engine::component_of(dtype) == engine::DType::f64) return fmt::format("{}", x);
  return fmt::format("{}", static_cast<float>(x));  // exact, also for narrower formats
}

struct Spelling {
  std::string operator()(const std::monostate&) const { return {}; }
  std::string operator()(const Element& e) const { return short_text(e.dtype, e.bytes.data()); }
  std::string operator()(const engine::Dims& dims) const { return dims_text(dims); }
  std::string operator()(const int64_t& number) const { return fmt::format("{}", number); }
  std::string operator()(const engine::DType& dtype) const { return std::string(engine::name_of(dtype)); }
  std::string operator()(const Identity& i) const {
    if (i.input >= 0) return fmt::format("input {}", i.input);
    if (i.out >= 0) return fmt::format("out {}", i.out);
    return i.storage >= 0 && !i.fresh ? fmt::format("storage {}", i.storage) : "own";
  }
  std::string operator()(const LazyBits& bits) const {
    return fmt::format("conj {} neg {}", static_cast<int>(bits.conj), static_cast<int>(bits.neg));
  }
  std::string operator()(const Change& change) const {
    return change == Change::none ? "unchanged" : change == Change::values ? "values" : "geometry";
  }
  std::string operator()(const RequiresGrad& grad) const { return grad.value ? "True" : "False"; }
  std::string operator()(const Word& word) const { return word.text; }
  std::string operator()(const Names& names) const { return fmt::format("{}", fmt::join(names, " ")); }
  std::string operator()(const corpora::Value& value) const { return corpora::to_text(value); }
};

}  // namespace

std::string short_text(engine::DType dtype, const std::byte* element) {
  if (engine::is_integral(dtype)) return corpora::element_text(dtype, element);
  if (!engine::is_complex(dtype)) return number_text(dtype, component_at(dtype, element, 0));
  return fmt::format("({},{})", number_text(dtype, component_at(dtype, element, 0)),
                     number_text(dtype, component_at(dtype, element, 1)));
}

std::string dims_text(const engine::Dims& dims) { return fmt::format("[{}]", fmt::join(dims, ", ")); }

std::string spelling_of(const Shown& shown) { return std::visit(Spelling{}, shown); }

std::string spelling_of(const Side& side) {
  if (side.end == End::raised) return fmt::format("{}: {}", side.error_class, side.message);
  if (side.end != End::returned) return std::string(name_of(side.end));
  if (std::string shown = spelling_of(side.shown); !shown.empty()) return shown;
  const bool opaque = side.whole.size() == 1 && side.whole.front().tensor.opaque;
  return opaque ? side.whole.front().tensor.type_name : std::string(name_of(side.end));
}

}  // namespace oracles
