#include "reports/cpp_text.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>

#include "reports/repro_plan.h"

namespace reports {
namespace {

using corpora::Value;
using corpora::ValueKind;
using engine::TypeKind;
using Text = std::optional<std::string>;  // nothing if it cannot be written

std::string cpp_dtype(engine::DType dtype) {
  return fmt::format("at::k{}", engine::traits_of(dtype).cpp_name);
}

std::string real(double x) {
  if (std::isnan(x)) return "std::nan(\"\")";
  if (std::isinf(x)) return x > 0 ? "HUGE_VAL" : "-HUGE_VAL";
  const std::string text = fmt::format("{}", x);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string integer(int64_t x) { return x == INT64_MIN ? "INT64_MIN" : fmt::format("int64_t({})", x); }

std::string layout_word(const std::string& word) {
  if (word == "sparse") return "at::kSparse";
  if (word == "sparse_csr") return "at::kSparseCsr";
  if (word == "mkldnn") return "at::kMkldnn";
  return "at::kStrided";
}

std::string format_word(const std::string& word) {
  if (word == "channels_last") return "at::MemoryFormat::ChannelsLast";
  if (word == "channels_last_3d") return "at::MemoryFormat::ChannelsLast3d";
  return word == "preserve" ? "at::MemoryFormat::Preserve" : "at::MemoryFormat::Contiguous";
}

// The C++ element type of a boxed list; empty if it cannot be written.
std::string_view list_element(const engine::Type& type) {
  constexpr std::pair<TypeKind, std::string_view> names[] = {
      {TypeKind::tensor, "at::Tensor"}, {TypeKind::integer, "int64_t"}, {TypeKind::sym_int, "int64_t"},
      {TypeKind::real, "double"},       {TypeKind::boolean, "bool"},    {TypeKind::number, "at::Scalar"},
      {TypeKind::string, "std::string"}};
  for (const auto& [kind, name] : names)
    if (kind == type.kind) return name;
  const bool optional = type.kind == TypeKind::optional && type.element().kind == TypeKind::tensor;
  return optional ? "c10::optional<at::Tensor>" : "";
}

Text expression(const Value& value, const engine::Type& type);

Text list_expression(const Value& value, const engine::Type& type) {
  const std::string_view element = list_element(type.element());
  if (element.empty()) return std::nullopt;
  std::string text;
  if (value.kind == ValueKind::list) {
    for (const Value& each : value.list) {
      Text part = expression(each, type.element());
      if (!part) return std::nullopt;
      if (*part == "c10::IValue()") part = "c10::nullopt";
      text += (text.empty() ? "" : ", ") + *part;
    }
  } else {  // one number for a list of fixed size
    const Text part = expression(value, type.element());
    if (!part) return std::nullopt;
    for (int64_t i = 0; i < type.fixed_size.value_or(1); ++i) text += (i ? ", " : "") + *part;
  }
  return fmt::format("c10::List<{}>({{{}}})", element, text);
}

Text tensor_expression(const Value& value) {
  if (value.kind == ValueKind::undefined || value.kind == ValueKind::none) return "at::Tensor()";
  if (value.tensor.is_input()) return fmt::format("x[{}]", value.tensor.index);
  return fmt::format("tensors(r{}).at({})", value.tensor.call, value.tensor.index);
}

Text expression(const Value& value, const engine::Type& type) {
  if (type.kind == TypeKind::optional) {
    if (value.kind == ValueKind::none) return "c10::IValue()";
    return expression(value, type.element());
  }
  if (type.kind == TypeKind::list) return list_expression(value, type);
  if (type.kind == TypeKind::tensor) return tensor_expression(value);
  switch (value.kind) {
    case ValueKind::none:
      return "c10::IValue()";
    case ValueKind::boolean:
      return value.integer ? "true" : "false";
    case ValueKind::integer:
      return type.kind == TypeKind::real ? real(static_cast<double>(value.integer)) : integer(value.integer);
    case ValueKind::real:
      return real(value.real);
    case ValueKind::complex:
      return fmt::format("c10::complex<double>({}, {})", real(value.real), real(value.imaginary));
    case ValueKind::string:
      return fmt::format("std::string({})", cpp_string(value.text));
    case ValueKind::dtype:
      return fmt::format("int64_t({})", cpp_dtype(value.dtype));
    case ValueKind::device:
      return value.text == "cpu" ? "device" : fmt::format("c10::Device({})", cpp_string(value.text));
    case ValueKind::layout:
      return fmt::format("int64_t({})", layout_word(value.text));
    case ValueKind::memory_format:
      return fmt::format("int64_t({})", format_word(value.text));
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string cpp_string(std::string_view text) {
  std::string out = "\"";
  for (const char ch : text) {
    const auto byte = static_cast<unsigned char>(ch);
    if (ch == '"' || ch == '\\') {
      out += '\\';
      out += ch;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\{:03o}", byte);
    } else {
      out += ch;
    }
  }
  return out + "\"";
}

std::string cpp_dims(const engine::Dims& dims) { return fmt::format("{{{}}}", fmt::join(dims, ", ")); }

std::string cpp_layers(const corpora::Path& path) {
  std::string text;
  for (const corpora::Layer& layer : path)
    text += fmt::format("{}{{\"{}\", {}}}", text.empty() ? "" : ", ", layer.row().name,
                        layer.row().names_a_storage() ? layer.storage : -1);
  return "{" + text + "}";
}

std::string cpp_storage(const corpora::Storage& storage, const std::vector<std::byte>& bytes) {
  std::string text;
  const size_t size = engine::size_of(storage.dtype);
  for (size_t i = 0; i < bytes.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i % size ? "," : ", ", static_cast<unsigned>(bytes[i]));
  return fmt::format("memory_of({}, {{{}}})", cpp_dtype(storage.dtype), text);
}

std::string cpp_call(const corpora::Call& call, const engine::Schema& schema) {
  if (call.arguments.size() != schema.arguments.size()) return {};
  std::string arguments;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const engine::Type& type = schema.arguments[i].type;
    Text text = expression(call.arguments[i], type);
    if (!text) return {};
    if (call.arguments[i].kind == ValueKind::none && takes_side_device(call, type)) text = "device";
    arguments += (arguments.empty() ? "" : ", ") + *text;
  }
  return fmt::format("call({}, {}, {{{}}})", cpp_string(schema.name), cpp_string(schema.overload), arguments);
}

}  // namespace reports
