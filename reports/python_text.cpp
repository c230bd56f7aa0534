#include "reports/python_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "corpora/case/image_bits.h"
#include "oracles/compare/element.h"
#include "reports/repro_plan.h"

namespace reports {
namespace {

using corpora::FillRule;
using corpora::Value;
using corpora::ValueKind;
using engine::DType;

// Python's float('nan') is the positive quiet NaN without a payload, in formats of 16 bits and more. Others
// have no literal.
bool has_odd_nan(DType component, const std::byte* bytes) {
  uint64_t bits = 0;
  std::memcpy(&bits, bytes, engine::size_of(component));
  if (engine::is_integral(component)) return false;
  return engine::with_format(component, [&]<class Format>(Format) {
    return Format::is_nan(bits & (Format::sign - 1)) &&
           (sizeof(typename Format::Bits) == 1 || bits != Format::quiet_nan);
  });
}

std::string element_literal(DType dtype, const std::byte* bytes) {
  if (dtype == DType::b8) return *bytes != std::byte{0} ? "True" : "False";
  if (engine::is_integral(dtype))
    return engine::with_stored(dtype, [&]<class Stored>() -> std::string {
      Stored value;
      std::memcpy(&value, bytes, sizeof value);
      if constexpr (std::is_integral_v<Stored>) return fmt::format("{}", value);
      return {};
    });
  const std::string real = python_number(oracles::component_at(dtype, bytes, 0));
  if (!engine::is_complex(dtype)) return real;
  return fmt::format("complex({}, {})", real, python_number(oracles::component_at(dtype, bytes, 1)));
}

bool literals_are_exact(DType dtype, const std::vector<std::byte>& bytes) {
  const DType component = engine::component_of(dtype);
  for (size_t at = 0; at < bytes.size(); at += engine::size_of(component))
    if (has_odd_nan(component, bytes.data() + at)) return false;
  if (dtype != DType::b8) return true;
  return std::ranges::all_of(bytes, [](std::byte b) { return b <= std::byte{1}; });
}

std::string hex_of(const std::vector<std::byte>& bytes) {
  std::string text;
  for (std::byte b : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(b));
  return text;
}

std::string layout_word(const std::string& word) {
  if (word == "sparse") return "torch.sparse_coo";
  if (word == "mkldnn") return "torch._mkldnn";
  return "torch." + word;
}

std::string expression(const Value& value) {
  switch (value.kind) {
    case ValueKind::none:
    case ValueKind::undefined:
      return "None";
    case ValueKind::tensor:
      return value.tensor.is_input() ? fmt::format("x[{}]", value.tensor.index)
                                     : fmt::format("tensors(r{})[{}]", value.tensor.call, value.tensor.index);
    case ValueKind::integer:
      return fmt::format("{}", value.integer);
    case ValueKind::real:
      return python_number(value.real);
    case ValueKind::boolean:
      return value.integer ? "True" : "False";
    case ValueKind::complex:
      return fmt::format("complex({}, {})", python_number(value.real), python_number(value.imaginary));
    case ValueKind::string:
      return python_string(value.text);
    case ValueKind::dtype:
      return python_dtype(value.dtype);
    case ValueKind::device:
      return value.text == "cpu" ? "device" : fmt::format("torch.device({})", python_string(value.text));
    case ValueKind::layout:
      return layout_word(value.text);
    case ValueKind::memory_format:
      return fmt::format("torch.{}{}", value.text, value.text.starts_with("channels") ? "" : "_format");
    case ValueKind::list: {
      std::string text;
      for (const Value& element : value.list) text += (text.empty() ? "" : ", ") + expression(element);
      return "[" + text + "]";
    }
  }
  return "None";
}

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 13> words{"and", "or",  "not", "is",   "in",   "from", "lambda",
                                                   "def", "del", "for", "pass", "else", "if"};
  return std::ranges::find(words, word) != words.end();
}

std::string member(const std::string& object, const std::string& name) {
  return is_keyword(name) ? fmt::format("getattr({}, '{}')", object, name) : object + "." + name;
}

}  // namespace

std::string python_string(std::string_view text) {
  std::string out = "'";
  for (const char ch : text) {
    const auto byte = static_cast<unsigned char>(ch);
    if (ch == '\'' || ch == '\\') {
      out += '\\';
      out += ch;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += ch;
    }
  }
  return out + "'";
}

// A call of drawn(): with the same numbers as corpora::image_of() computes.
std::string drawn_storage(const corpora::Storage& storage) {
  const DType component = engine::component_of(storage.dtype);
  const int bits = oracles::precision_of(component);
  const bool is_complex = engine::is_complex(storage.dtype);
  std::string number = "((w >> 32) * 65 >> 32) / 8 - 4";
  if (storage.rule == FillRule::unit) number = fmt::format("(w >> {}) / 2 ** {}", 64 - bits, bits);
  if (storage.rule == FillRule::positive)
    number = fmt::format("((w >> {}) + 1) / 2 ** {}", 64 - bits, bits - 1);
  if (engine::is_integral(component)) number = "1 + (w >> 63)";
  const std::string list =
      fmt::format("torch.tensor(drawn({}, {}, lambda w: {}), dtype={})", storage.rng_seed,
                  storage.elements * (is_complex ? 2 : 1), number, python_dtype(component));
  return is_complex ? fmt::format("torch.view_as_complex({}.view(-1, 2))", list) : list;
}

std::string python_number(double x) {
  if (std::isnan(x)) return "float('nan')";
  if (std::isinf(x)) return x > 0 ? "float('inf')" : "float('-inf')";
  std::string text = fmt::format("{}", x);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string python_dtype(DType dtype) {
  return fmt::format("torch.{}", engine::traits_of(dtype).python_name);
}

std::string python_dims(const engine::Dims& dims) {
  std::string text;
  for (int64_t d : dims) text += fmt::format("{}{}", text.empty() ? "" : ", ", d);
  return "(" + text + (dims.size() == 1 ? ",)" : ")");
}

const std::string_view drawn_function = R"(

def drawn(seed, count, number):
    """Random numbers: number() of the words of SplitMix64."""
    words, step = (1 << 64) - 1, 0x9e3779b97f4a7c15

    def mixed(x):
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & words
        x = (x ^ x >> 27) * 0x94d049bb133111eb & words
        return x ^ x >> 31

    key = mixed(seed + step & words)
    return [number(mixed(key + i * step & words)) for i in range(1, count + 1)]
)";

bool is_drawn(const corpora::Storage& storage) {
  constexpr int64_t large = 4096;
  const auto floats = std::array{DType::f16, DType::bf16, DType::f32, DType::f64, DType::c64, DType::c128};
  const bool is_float = std::ranges::count(floats, storage.dtype) > 0;
  const bool any_sign = storage.rule == FillRule::dyadic;
  const bool one_sign = storage.rule == FillRule::positive || storage.rule == FillRule::unit;
  const bool is_integer = engine::is_integral(storage.dtype) && storage.dtype != DType::b8;
  return storage.elements > large &&
         ((is_float && (any_sign || one_sign)) || (is_integer && storage.rule == FillRule::positive));
}

std::string python_storage(const corpora::Storage& storage, const std::vector<std::byte>& bytes) {
  const std::string dtype = python_dtype(storage.dtype);
  if (storage.elements == 0) return fmt::format("torch.empty(0, dtype={})", dtype);
  if (storage.rule == corpora::FillRule::zeros && storage.elements > 8)
    return fmt::format("torch.zeros({}, dtype={})", storage.elements, dtype);
  if (storage.rule == corpora::FillRule::ones && storage.elements > 8)
    return fmt::format("torch.ones({}, dtype={})", storage.elements, dtype);
  if (is_drawn(storage)) return drawn_storage(storage);
  if (!literals_are_exact(storage.dtype, bytes))
    return fmt::format("torch.frombuffer(bytearray.fromhex('{}'), dtype={})", hex_of(bytes), dtype);
  std::string list;
  for (size_t at = 0; at < bytes.size(); at += engine::size_of(storage.dtype))
    list += (at == 0 ? "" : ", ") + element_literal(storage.dtype, bytes.data() + at);
  return fmt::format("torch.tensor([{}], dtype={})", list, dtype);
}

std::string python_layers(const corpora::Path& path) {
  std::string text;
  for (const corpora::Layer& layer : path) {
    const std::string number = layer.row().has_number() ? fmt::format("{}", layer.storage) : "None";
    text += fmt::format("{}('{}', {})", text.empty() ? "" : ", ", layer.row().name, number);
  }
  return "[" + text + "]";
}

std::string python_operator(const std::string& qualified) {
  const size_t colons = qualified.find("::");
  const std::string space = colons == std::string::npos ? "aten" : qualified.substr(0, colons);
  const std::string rest = colons == std::string::npos ? qualified : qualified.substr(colons + 2);
  const size_t dot = rest.find('.');
  const std::string packet = member("torch.ops." + space, rest.substr(0, dot));
  return member(packet, dot == std::string::npos ? "default" : rest.substr(dot + 1));
}

std::string python_call(const corpora::Call& call, const engine::Schema* schema) {
  std::string arguments;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const engine::Argument* argument =
        schema && i < schema->arguments.size() ? &schema->arguments[i] : nullptr;
    std::string text = expression(call.arguments[i]);
    if (argument && text == "None" && takes_side_device(call, argument->type)) text = "device";
    if (argument && argument->keyword_only) text = argument->name + "=" + text;
    arguments += (arguments.empty() ? "" : ", ") + text;
  }
  return fmt::format("{}({})", python_operator(call.op), arguments);
}

}  // namespace reports
