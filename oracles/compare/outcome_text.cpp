// Outcomes as text for people.
#include <fmt/format.h>

#include "corpora/case/image.h"
#include "oracles/compare/comparator.h"
#include "oracles/compare/element.h"

namespace oracles {

namespace {

constexpr int64_t elements_shown = 64;

std::string number_text(engine::DType dtype, double x) {
  if (engine::component_of(dtype) == engine::DType::f64) return fmt::format("{}", x);
  return fmt::format("{}", static_cast<float>(x));  // exact: narrower formats are floats, too
}

std::string flags_text(const TensorSnapshot& t) {
  std::string text;
  if (t.meta) text += " meta";
  if (t.zero) text += " ZeroTensor";
  if (t.conj) text += " conj";
  if (t.neg) text += " neg";
  return text;
}

std::string value_text(const corpora::Value& value) {
  switch (value.kind) {
    case corpora::ValueKind::none:
      return "None";
    case corpora::ValueKind::integer:
      return fmt::format("{}", value.integer);
    case corpora::ValueKind::real:
      return fmt::format("{}", value.real);
    case corpora::ValueKind::boolean:
      return value.integer ? "True" : "False";
    case corpora::ValueKind::complex:
      return fmt::format("({},{})", value.real, value.imaginary);
    case corpora::ValueKind::string:
      return fmt::format("\"{}\"", value.text);
    case corpora::ValueKind::dtype:
      return std::string(engine::name_of(value.dtype));
    case corpora::ValueKind::tensor:
      return "a tensor";
    case corpora::ValueKind::undefined:
      return "an undefined tensor";
    case corpora::ValueKind::list:
      break;
    default:
      return value.text;
  }
  std::string text = "[";
  for (size_t i = 0; i < value.list.size(); ++i) text += (i ? ", " : "") + value_text(value.list[i]);
  return text + "]";
}

}  // namespace

std::string short_text(engine::DType dtype, const std::byte* element) {
  if (engine::is_integral(dtype)) return corpora::element_text(dtype, element);
  if (!engine::is_complex(dtype)) return number_text(dtype, component_at(dtype, element, 0));
  return fmt::format("({},{})", number_text(dtype, component_at(dtype, element, 0)),
                     number_text(dtype, component_at(dtype, element, 1)));
}

std::string dims_text(const engine::Dims& dims) { return fmt::format("[{}]", fmt::join(dims, ", ")); }

std::string index_text(const engine::Dims& sizes, int64_t element) {
  engine::Dims index(sizes.size());
  for (size_t d = sizes.size(); d-- > 0;) {
    index[d] = sizes[d] == 0 ? 0 : element % sizes[d];
    element = sizes[d] == 0 ? 0 : element / sizes[d];
  }
  return dims_text(index);
}

std::string to_text(const TensorSnapshot& t) {
  if (!t.defined) return "undefined tensor";
  if (t.opaque) return fmt::format("{} {}", t.type_name, dims_text(t.sizes));
  std::string text =
      fmt::format("{} {} strides {}", engine::name_of(t.dtype), dims_text(t.sizes), dims_text(t.strides));
  if (t.offset != 0) text += fmt::format(" offset {}", t.offset);
  if (t.device != "cpu") text += " on " + t.device;
  text += flags_text(t);
  if (!t.has_values) return text;
  const size_t size = engine::size_of(t.dtype);
  const auto count = static_cast<int64_t>(t.values.size() / size);
  text += ": [";
  for (int64_t i = 0; i < std::min(count, elements_shown); ++i)
    text += (i ? ", " : "") + short_text(t.dtype, t.values.data() + static_cast<size_t>(i) * size);
  if (count > elements_shown) text += fmt::format(", ... {} more", count - elements_shown);
  return text + "]";
}

std::string to_text(const Result& result) {
  if (result.kind == Result::Kind::tensor) return to_text(result.tensor);
  if (result.kind == Result::Kind::plain) return value_text(result.plain);
  std::string text = "(";
  for (size_t i = 0; i < result.list.size(); ++i) text += (i ? "; " : "") + to_text(result.list[i]);
  return text + ")";
}

std::string ending_text(const CallOutcome& call) {
  switch (call.status) {
    case Status::returned:
      return "returned";
    case Status::raised:
      return fmt::format("raises {}: {}", call.error_class, call.message);
    case Status::not_implemented:
      return "not implemented: " + call.message;
    case Status::over_memory:
      return "asks for more memory than a case may have: " + call.message;
  }
  return {};
}

}  // namespace oracles
