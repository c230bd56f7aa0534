#include "engine/ir/parse.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "engine/core/input_error.h"
#include "engine/dispatch/arguments.h"
#include "engine/ir/print.h"

namespace engine::ir {

namespace {

constexpr int depth_max = 16;  // of lists in lists
constexpr int64_t results_max = 1024;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class GraphParser {
 public:
  GraphParser(std::string_view text, const Dispatcher& dispatcher, std::string_view file)
      : text_(text), dispatcher_(dispatcher), file_(file) {}

  Graph parse() {
    expect("graph");
    expect("(");
    if (!take(")")) {
      do graph_.inputs.push_back(define());
      while (take(","));
      expect(")");
    }
    expect(":");
    while (!at_word("return")) node();
    const size_t end = at_;
    expect("return");
    expect("(");
    if (!take(")")) {
      do graph_.outputs.push_back(use());
      while (take(","));
      expect(")");
    }
    skip();
    if (at_ < text_.size()) refuse(at_, "expected the end of the text");
    if (const std::string fault = fault_of(graph_); !fault.empty()) refuse(end, fault);
    return std::move(graph_);
  }

 private:
  [[noreturn]] void refuse(size_t at, const std::string& message) const {
    const std::string_view before = text_.substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    throw InputError(fmt::format("{}:{}:{}", file_, line, column), message);
  }

  void skip() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '#')
        at_ = std::min(text_.find('\n', at_), text_.size());
      else if (std::isspace(static_cast<unsigned char>(text_[at_])) == 0)
        return;
    }
    at_ = std::min(at_, text_.size());
  }
  bool at_word(std::string_view word) {
    skip();
    if (text_.substr(at_, word.size()) != word) return false;
    const size_t end = at_ + word.size();
    return !is_name(word.back()) || end >= text_.size() || !is_name(text_[end]);
  }
  bool take(std::string_view word) {
    if (!at_word(word)) return false;
    at_ += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) refuse(at_, fmt::format("expected '{}'", word));
  }

  // Characters that may be in what is read.
  template <class Belongs>
  std::string_view run(const Belongs& belongs) {
    const size_t begin = at_;
    while (at_ < text_.size() && belongs(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  std::string_view value_name() {
    expect("%");
    const std::string_view name = run(is_name);
    if (name.empty()) refuse(at_, "expected the name of a value");
    return name;
  }
  ValueId define() {
    skip();
    const size_t begin = at_;
    const std::string_view name = value_name();
    const auto [place, is_new] = values_.emplace(name, graph_.value_count);
    if (!is_new) refuse(begin, fmt::format("%{} is defined a second time", name));
    return graph_.new_value();
  }
  Use use() {
    skip();
    const size_t begin = at_;
    const std::string_view name = value_name();
    const auto found = values_.find(name);
    if (found == values_.end()) refuse(begin, fmt::format("%{} is used before its definition", name));
    Use made{found->second, -1};
    if (take("[")) {
      made.element = static_cast<int32_t>(integer(0, results_max));
      expect("]");
    }
    return made;
  }

  int64_t integer(int64_t lowest, int64_t largest) {
    skip();
    const size_t begin = at_;
    const std::string_view digits = run([](char c) { return c == '-' || is_name(c); });
    int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size() || number < lowest || number > largest)
      refuse(begin, fmt::format("expected an integer from {} to {}", lowest, largest));
    return number;
  }
  int64_t attribute(std::string_view name, int64_t lowest, int64_t largest) {
    expect(name);
    expect("=");
    return integer(lowest, largest);
  }

  void node() {
    skip();
    const size_t begin = at_;
    std::vector<std::string_view> results;
    std::vector<size_t> places;
    while (at_word("%")) {
      places.push_back(at_);
      results.push_back(value_name());
      if (!take(",")) break;
    }
    if (!results.empty()) expect("=");
    skip();
    const size_t name_at = at_;
    const std::string name(run([](char c) { return is_name(c) || c == ':' || c == '.'; }));
    if (name.empty()) refuse(at_, "expected an operator or 'return'");
    Node made = name.starts_with("prim::") ? primitive(name, name_at) : call(name, name_at);
    for (size_t i = 0; i < results.size(); ++i) {
      const auto [place, is_new] = values_.emplace(results[i], graph_.value_count);
      if (!is_new) refuse(places[i], fmt::format("%{} is defined a second time", results[i]));
      made.results.push_back(graph_.new_value());
    }
    check_results(made, begin);
    graph_.nodes.push_back(std::move(made));
  }

  void check_results(const Node& made, size_t at) const {
    const size_t expected = made.primitive == Primitive::call             ? made.op->schema().returns.size()
                            : made.primitive == Primitive::constant_chunk ? static_cast<size_t>(chunks_)
                                                                          : 1;
    if (made.results.size() != expected)
      refuse(at, fmt::format("{} has {} results, not {}", made.name(), expected, made.results.size()));
  }

  Node primitive(std::string_view name, size_t at) {
    Node made;
    expect("[");
    if (name == name_of(Primitive::constant_chunk)) {
      made.primitive = Primitive::constant_chunk;
      chunks_ = attribute("chunks", 1, results_max);
      expect(",");
    } else if (name == name_of(Primitive::fused_concat)) {
      made.primitive = Primitive::fused_concat;
    } else {
      refuse(at, fmt::format("there is no primitive {}", name));
    }
    made.dim = attribute("dim", -64, 64);
    expect("]");
    expect("(");
    do made.operands.push_back(Operand::of(use()));
    while (take(","));
    expect(")");
    return made;
  }

  Node call(const std::string& name, size_t at) {
    const std::optional<Operator> op = dispatcher_.find(name);
    if (!op || !op->has_schema()) refuse(at, fmt::format("there is no operator {}", name));
    Node made{.op = op};
    const Schema& schema = op->schema();
    expect("(");
    for (size_t i = 0; i < schema.arguments.size(); ++i) {
      if (i > 0) expect(",");
      made.operands.push_back(argument(schema.arguments[i]));
    }
    expect(")");
    return made;
  }

  Operand argument(const Argument& argument) {
    skip();
    const size_t begin = at_;
    Operand read = operand(0);
    if (read.kind != Operand::Kind::constant) return read;
    std::optional<Value> fits = fitted(read.constant, argument.type);
    if (!fits)
      refuse(begin, fmt::format("{} is not of type {}, which the argument {} has",
                                constant_text(read.constant), to_string(argument.type), argument.name));
    return Operand::of(std::move(*fits));
  }

  Operand operand(int depth) {
    if (at_word("%")) return Operand::of(use());
    if (at_word("[")) return list(depth + 1);
    return Operand::of(constant());
  }

  Operand list(int depth) {
    if (depth > depth_max) refuse(at_, "lists are nested too deeply");
    expect("[");
    std::vector<Operand> elements;
    if (!take("]")) {
      do elements.push_back(operand(depth));
      while (take(","));
      expect("]");
    }
    const auto is_constant = [](const Operand& each) { return each.kind == Operand::Kind::constant; };
    if (!std::all_of(elements.begin(), elements.end(), is_constant)) return Operand::of(std::move(elements));
    return Operand::of(list_of(elements));
  }

  static Value list_of(std::vector<Operand>& elements) {
    const auto all = [&](ValueTag tag) {
      return std::all_of(elements.begin(), elements.end(),
                         [&](const Operand& each) { return each.constant.is(tag); });
    };
    if (all(ValueTag::integer)) {
      Dims integers;
      for (const Operand& each : elements) integers.push_back(each.constant.integer());
      return integers;
    }
    std::vector<Value> values;
    for (Operand& each : elements) values.push_back(std::move(each.constant));
    return values;
  }

  double real() {
    const Value number = this->number();
    return number.real();
  }

  Value number() {
    skip();
    const size_t begin = at_;
    const std::string_view text = run([](char c) { return is_name(c) || c == '-' || c == '+' || c == '.'; });
    const char *first = text.data(), *last = text.data() + text.size();
    int64_t whole = 0;
    if (const auto [end, error] = std::from_chars(first, last, whole); error == std::errc() && end == last)
      return whole;
    double number = 0;
    if (const auto [end, error] = std::from_chars(first, last, number);
        error == std::errc() && end == last && !text.empty())
      return number;
    refuse(begin, "expected a value or a constant");
  }

  Value constant() {
    if (take("None")) return {};
    if (take("True")) return true;
    if (take("False")) return false;
    if (take("\"")) return string();
    const auto inside = [&](const auto& read) {
      expect("(");
      Value made = read();
      expect(")");
      return made;
    };
    if (take("complex"))
      return inside([&] {
        const double re = real();
        expect(",");
        return Value(std::complex<double>(re, real()));
      });
    if (take("dtype")) return inside([&] { return dtype(); });
    if (take("device")) return inside([&] { return device(); });
    return number();
  }

  Value dtype() {
    skip();
    const size_t begin = at_;
    const std::optional<DType> found = dtype_named(run(is_name));
    if (!found) refuse(begin, "expected a dtype, such as f32");
    return *found;
  }
  Value device() {
    skip();
    const size_t begin = at_;
    const std::optional<Device> found = device_named(run([](char c) { return is_name(c) || c == ':'; }));
    if (!found) refuse(begin, "expected a device, such as cpu");
    return *found;
  }
  Value string() {
    std::string read;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        read += text_[at_] == 'n' ? '\n' : text_[at_];
      } else {
        read += text_[at_];
      }
    }
    if (at_ >= text_.size()) refuse(at_, "expected '\"'");
    ++at_;
    return read;
  }

  std::string_view text_;
  const Dispatcher& dispatcher_;
  std::string_view file_;
  size_t at_ = 0;
  Graph graph_;
  std::map<std::string_view, ValueId> values_;
  int64_t chunks_ = 0;  // of the node that is read
};

}  // namespace

Graph parse_graph(std::string_view text, const Dispatcher& dispatcher, std::string_view file) {
  return GraphParser(text, dispatcher, file).parse();
}

}  // namespace engine::ir
