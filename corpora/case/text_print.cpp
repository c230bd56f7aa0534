// Writing cases.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "corpora/case/number_text.h"
#include "corpora/case/text.h"

namespace corpora {
namespace {

using Buffer = fmt::memory_buffer;

constexpr size_t line_width = 100;
constexpr std::array<std::string_view, fill_rule_count> rule_names{
    "values", "zeros", "ones", "iota", "integers", "dyadic", "normal", "positive", "unit", "wild"};

template <class... Arguments>
void print(Buffer& to, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::format_to(std::back_inserter(to), format, std::forward<Arguments>(arguments)...);
}

void print_quoted(Buffer& to, std::string_view text) {
  constexpr std::string_view escaped = "\"\\\n\t\r", letters = "\"\\ntr";
  to.push_back('"');
  for (const char x : text) {
    const auto byte = static_cast<unsigned char>(x);
    if (const size_t at = escaped.find(x); at != escaped.npos) {
      print(to, "\\{}", letters[at]);
    } else if (byte >= 32 && byte < 127) {
      to.push_back(x);
    } else {
      print(to, "\\x{:02x}", byte);
    }
  }
  to.push_back('"');
}

void print_real(Buffer& to, double value) {
  const auto bits = std::bit_cast<std::array<std::byte, sizeof value>>(value);
  print(to, "{}", element_text(engine::DType::f64, bits.data()));
}

void print_value(Buffer& to, const Value& value) {
  switch (value.kind) {
    case ValueKind::none:
      return print(to, "None");
    case ValueKind::undefined:
      return print(to, "undefined");
    case ValueKind::tensor:
      if (value.tensor.is_input()) return print(to, "t{}", value.tensor.index);
      return print(to, "r{}.{}", value.tensor.call, value.tensor.index);
    case ValueKind::integer:
      return print(to, "{}", value.integer);
    case ValueKind::real:
      return print_real(to, value.real);
    case ValueKind::boolean:
      return print(to, "{}", value.integer != 0 ? "True" : "False");
    case ValueKind::complex:
      to.push_back('(');
      print_real(to, value.real);
      print(to, ", ");
      print_real(to, value.imaginary);
      return to.push_back(')');
    case ValueKind::string:
      return print_quoted(to, value.text);
    case ValueKind::dtype:
      return print(to, "dtype:{}", engine::name_of(value.dtype));
    case ValueKind::device:
      return print(to, "device:{}", value.text);
    case ValueKind::layout:
      return print(to, "layout:{}", value.text);
    case ValueKind::memory_format:
      return print(to, "memory_format:{}", value.text);
    case ValueKind::list:
      to.push_back('[');
      for (size_t i = 0; i < value.list.size(); ++i) {
        if (i != 0) print(to, ", ");
        print_value(to, value.list[i]);
      }
      return to.push_back(']');
  }
}

void print_files(Buffer& to, std::string_view word, const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    print(to, "{} ", word);
    if (is_word(file, "./+-"))
      print(to, "{}", file);
    else
      print_quoted(to, file);
    to.push_back('\n');
  }
}

void print_header(Buffer& to, const Header& header) {
  print(to, "faultline case {}\n", text_version);
  if (!header.subject.empty()) print(to, "subject {}\n", header.subject);
  if (!header.oracle.empty()) print(to, "oracle {}\n", header.oracle);
  if (!header.path.empty()) print(to, "path {}\n", to_string(header.path));
  print_files(to, "load", header.load);
  print_files(to, "tolerances", header.tolerances);
  if (!header.plant.empty()) print(to, "plant {}\n", header.plant);
  if (header.expect == Expect::agree) print(to, "expect agree\n");
  if (header.expect == Expect::differ) print(to, "expect differ {}\n", header.expect_kind);
}

void print_elements(Buffer& to, const Storage& storage) {
  const size_t size = engine::size_of(storage.dtype);
  print(to, " {{");
  size_t column = line_width;  // so that the first of many elements begins a line
  const bool one_line = storage.bytes.size() / size <= 8;
  for (size_t at = 0; at < storage.bytes.size(); at += size) {
    const std::string text = element_text(storage.dtype, storage.bytes.data() + at);
    if (one_line || column + text.size() < line_width) {
      print(to, " {}", text);
      column += 1 + text.size();
    } else {
      print(to, "\n  {}", text);
      column = 2 + text.size();
    }
  }
  print(to, "{}", one_line ? " }" : "\n}");
}

void print_storage(Buffer& to, const Storage& storage, size_t index) {
  print(to, "storage s{} {}[{}] {}", index, engine::name_of(storage.dtype), storage.elements,
        name_of(storage.rule));
  if (is_random(storage.rule) || storage.rng_seed != 0) print(to, "({})", storage.rng_seed);
  if (storage.rule == FillRule::values) print_elements(to, storage);
  to.push_back('\n');
}

void print_call(Buffer& to, const Call& call) {
  print(to, "{}(", call.op);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (i != 0) print(to, ", ");
    if (!call.names.empty()) print(to, "{}=", call.names[i]);
    print_value(to, call.arguments[i]);
  }
  to.push_back(')');
}

}  // namespace

std::string_view name_of(FillRule rule) { return rule_names[static_cast<size_t>(rule)]; }

std::optional<FillRule> fill_rule_named(std::string_view name) {
  const auto* const found = std::ranges::find(rule_names, name);
  if (found == rule_names.end()) return std::nullopt;
  return static_cast<FillRule>(found - rule_names.begin());
}

std::string to_text(const Value& value) {
  Buffer to;
  print_value(to, value);
  return fmt::to_string(to);
}

std::string to_text(const Call& call) {
  Buffer to;
  print_call(to, call);
  return fmt::to_string(to);
}

std::string to_text(const Case& c) {
  Buffer to;
  print_header(to, c.header);
  for (size_t s = 0; s < c.storages.size(); ++s) print_storage(to, c.storages[s], s);
  for (size_t t = 0; t < c.inputs.size(); ++t) {
    const Input& input = c.inputs[t];
    print(to, "input t{} s{} sizes [{}] strides [{}] offset {}\n", t, input.storage,
          fmt::join(input.sizes, ", "), fmt::join(input.strides, ", "), input.offset);
  }
  for (const Statement& statement : c.program) print(to, "{}\n", to_text(statement));
  for (size_t r = 0; r < c.calls.size() && c.program.empty(); ++r) {
    print(to, "call r{} ", r);
    print_call(to, c.calls[r]);
    to.push_back('\n');
  }
  return fmt::to_string(to);
}

}  // namespace corpora
