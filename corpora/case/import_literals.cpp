#include "corpora/case/import_literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "corpora/case/number_text.h"
#include "corpora/case/text_values.h"

namespace corpora {
namespace {

using engine::DType;
using Limits = CaseLimits;

double as_double(const Number& number) {
  std::array<std::byte, sizeof(double)> bytes{};
  write_number(DType::f64, number, bytes.data());
  return std::bit_cast<double>(bytes);
}

bool to_dims(const Value& value, engine::Dims& dims) {
  if (value.kind == ValueKind::integer) {  // (3) in place of (3,)
    dims.push_back(value.integer);
    return true;
  }
  if (value.kind != ValueKind::list) return false;
  for (const Value& element : value.list) {
    if (element.kind != ValueKind::integer) return false;
    dims.push_back(element.integer);
  }
  return true;
}

class LogParser {
 public:
  explicit LogParser(Cursor& cursor) : cursor_(cursor) {}

  LoggedCall parse() {
    open('(', "around the arguments");
    cursor_.skip_blanks(false);
    if (cursor_.peek() != '(') cursor_.fail("expected '(' and the positional arguments");
    call_.positional = parse_value(0).list;
    cursor_.skip_blanks(false);
    cursor_.expect(',', "between positional arguments and those by name");
    parse_by_name();
    cursor_.skip_blanks(false);
    cursor_.expect(')', "after the arguments");
    return std::move(call_);
  }

 private:
  // Arguments of T(...), device(...) and the like.
  struct Parts {
    std::vector<Value> positional;
    std::vector<std::pair<std::string, Value>> by_name;
    const Value* named(std::string_view name) const {
      const auto found = std::ranges::find(by_name, name, [](const auto& part) { return part.first; });
      return found == by_name.end() ? nullptr : &found->second;
    }
  };

  void open(char what, std::string_view context) {
    cursor_.skip_blanks(false);
    cursor_.expect(what, context);
  }

  // For well-formed text that no case can hold. The first reason is kept.
  Value cannot(std::string why) {
    if (call_.why_not.empty()) call_.why_not = std::move(why);
    return Value::of_none();
  }

  // Reads with `element` what is separated by commas, and takes `close`. Returns whether a comma was last.
  template <class Element>
  bool take_list(char close, Element&& element) {
    for (bool comma = true;;) {
      cursor_.skip_blanks(false);
      if (cursor_.take(close)) return comma;
      if (!comma) cursor_.fail(fmt::format("expected ',' or '{}', found {}", close, cursor_.found()));
      element();
      cursor_.skip_blanks(false);
      comma = cursor_.take(',');
    }
  }

  Value parse_value(size_t depth) {
    cursor_.skip_blanks(false);
    if (depth > Limits::nesting) cursor_.fail(fmt::format("values nest at most {} deep", Limits::nesting));
    if (++values_ > Limits::values)
      cursor_.fail(fmt::format("more than {} values in one call", Limits::values));
    switch (const char next = cursor_.peek(); next) {
      case '[':
      case '(':
        return parse_sequence(next == '[' ? ']' : ')', depth);
      case '\'':
      case '"':
        return Value::of_string(cursor_.quoted(next));
      default:
        return parse_word(depth);
    }
  }

  // A list, a tuple, or a value in parentheses.
  Value parse_sequence(char close, size_t depth) {
    cursor_.take(cursor_.peek());
    std::vector<Value> elements;
    const bool comma = take_list(close, [&] { elements.push_back(parse_value(depth + 1)); });
    if (close == ')' && elements.size() == 1 && !comma) return std::move(elements.front());
    return Value::of_list(std::move(elements));
  }

  Value parse_word(size_t depth) {
    const size_t start = cursor_.at();
    const std::string_view word = cursor_.word();
    if (word.empty()) cursor_.fail(fmt::format("expected a value, found {}", cursor_.found()));
    if (cursor_.peek() == '(') return parse_constructed(word, start, depth);
    if (word == "None") return Value::of_none();
    if (word == "True" || word == "False") return Value::of_boolean(word == "True");
    if (const std::optional<DType> dtype = engine::dtype_named(word)) return Value::of_dtype(*dtype);
    constexpr std::string_view torch = "torch.";
    if (word.starts_with(torch)) return parse_torch_word(word.substr(torch.size()));
    return parse_number(word);
  }

  Value parse_torch_word(std::string_view word) {
    for (const DType dtype : engine::all_dtypes)
      if (word == engine::traits_of(dtype).python_name) return Value::of_dtype(dtype);
    constexpr std::string_view format = "_format";
    if (word.ends_with(format))
      return Value::of_word(ValueKind::memory_format,
                            std::string(word.substr(0, word.size() - format.size())));
    if (word == "channels_last" || word == "channels_last_3d")
      return Value::of_word(ValueKind::memory_format, std::string(word));
    if (word == "strided" || word.starts_with("sparse") || word == "_mkldnn" || word == "jagged")
      return Value::of_word(ValueKind::layout, std::string(word));
    return cannot(fmt::format("torch.{} has no counterpart in a case", word));
  }

  // 1, -0.5, 1e-08, inf, 2j, 1+2j
  Value parse_number(std::string_view word) {
    if (word.back() == 'j') {
      const std::string_view parts = word.substr(0, word.size() - 1);
      size_t sign = parts.size();
      while (sign-- > 1)
        if ((parts[sign] == '+' || parts[sign] == '-') && parts[sign - 1] != 'e') break;
      const bool both = sign >= 1 && sign < parts.size();
      const ParsedNumber real = corpora::parse_number(both ? parts.substr(0, sign) : "0");
      const ParsedNumber imaginary = corpora::parse_number(both ? parts.substr(sign) : parts);
      if (real.spelling != Spelling::not_a_number && imaginary.spelling != Spelling::not_a_number)
        return Value::of_complex(as_double(real.number), as_double(imaginary.number));
    }
    const ParsedNumber parsed = corpora::parse_number(word);
    if (int64_t integer = 0; parsed.spelling == Spelling::integer) {
      if (!to_integer(word.substr(word.front() == '+' ? 1 : 0), integer))
        return cannot(fmt::format("{} does not fit 64 bits", word));
      return Value::of_integer(integer);
    }
    if (parsed.spelling != Spelling::not_a_number) return Value::of_real(as_double(parsed.number));
    const char first = word.front();
    if (is_name_character(first) && !is_digit(first))
      return cannot(fmt::format("'{}' has no counterpart in a case", word));
    cursor_.fail_at_word(
        fmt::format("'{}' is not a value; expected a number, a string, a list or T(...)", word));
  }

  Value parse_constructed(std::string_view name, size_t start, size_t depth) {
    const Parts parts = parse_parts(depth);
    if (name == "T") return make_tensor(parts, start);
    if (name != "device") return cannot(fmt::format("{}(...) has no counterpart in a case", name));
    const Value* type = parts.named("type");
    if (type == nullptr && !parts.positional.empty()) type = &parts.positional.front();
    const bool meta = type != nullptr && type->text == "meta";
    return Value::of_word(ValueKind::device, meta ? "meta" : "cpu");
  }

  Parts parse_parts(size_t depth) {
    Parts parts;
    open('(', "before arguments");
    take_list(')', [&] {
      Cursor ahead = cursor_;
      const std::string_view name = ahead.word();
      if (!name.empty() && ahead.take('=')) {
        cursor_ = ahead;
        parts.by_name.emplace_back(name, parse_value(depth + 1));
      } else {
        parts.positional.push_back(parse_value(depth + 1));
      }
    });
    return parts;
  }

  // T([2, 3], f32, stride=(1, 2)); anything else in it is ignored.
  Value make_tensor(const Parts& parts, size_t start) {
    Input input;
    if (parts.positional.empty() || !to_dims(parts.positional.front(), input.sizes))
      cursor_.fail(start, "expected T([sizes], dtype)");
    if (!call_.why_not.empty()) return Value::of_none();
    if (parts.positional.size() < 2 || parts.positional[1].kind != ValueKind::dtype)
      cursor_.fail(start, "expected T([sizes], dtype)");
    input.strides = engine::contiguous_strides(input.sizes);
    if (const Value* stride = parts.named("stride")) {
      input.strides.clear();
      if (!to_dims(*stride, input.strides) || input.strides.size() != input.sizes.size())
        cursor_.fail(start, fmt::format("expected a stride for each of the {} sizes", input.sizes.size()));
    }
    Storage storage;
    storage.dtype = parts.positional[1].dtype;
    storage.elements = engine::extent_of(input.sizes, input.strides).high;
    input.storage = static_cast<int32_t>(call_.storages.size());
    call_.storages.push_back(std::move(storage));
    if (std::string fault = fault_of(input, call_.storages); !fault.empty()) return cannot(std::move(fault));
    call_.inputs.push_back(std::move(input));
    return Value::of_input(static_cast<int32_t>(call_.inputs.size() - 1));
  }

  void parse_by_name() {
    open('{', "and the arguments by name");
    take_list('}', [&] {
      if (cursor_.peek() != '\'' && cursor_.peek() != '"')
        cursor_.fail("expected the name of an argument in quotes");
      std::string name = cursor_.quoted(cursor_.peek());
      cursor_.skip_blanks(false);
      cursor_.expect(':', "after the name of an argument");
      Value value = parse_value(0);
      call_.by_name.emplace_back(std::move(name), std::move(value));
    });
  }

  Cursor& cursor_;
  LoggedCall call_;
  size_t values_ = 0;
};

}  // namespace

LoggedCall parse_logged_call(Cursor& cursor) { return LogParser(cursor).parse(); }

}  // namespace corpora
