#include "corpora/case/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "corpora/case/call_fits.h"
#include "corpora/case/case_defaults.h"
#include "corpora/case/import_literals.h"
#include "corpora/case/text_values.h"

namespace corpora {
namespace {

using engine::TypeKind;

// The value in the form that the declared type requires, if the log's form is ambiguous.
Value fitted(Value value, const engine::Type& type) {
  if (type.kind == TypeKind::optional) return fitted(std::move(value), type.element());
  if (type.kind == TypeKind::list && type.fixed_size && value.kind == ValueKind::integer)
    return Value::of_list(std::vector<Value>(static_cast<size_t>(*type.fixed_size), value));
  if (type.kind == TypeKind::device && value.kind == ValueKind::string)
    return Value::of_word(ValueKind::device, value.text == "meta" ? "meta" : "cpu");
  return value;
}

bool mentions(std::string_view name, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return name.find(word) != name.npos; });
}

// Fills that operators accept: no negative variances, no index out of range.
FillRule rule_for(engine::DType dtype, std::string_view argument, bool beside_floats) {
  if (!engine::is_integral(dtype))
    return mentions(argument, {"var", "std", "weight_sum", "prob"}) ? FillRule::positive : FillRule::normal;
  if (dtype == engine::DType::b8) return FillRule::integers;
  const bool index = beside_floats || mentions(argument, {"ind", "target", "offset", "label", "length"});
  return index ? FillRule::zeros : FillRule::integers;
}

void choose_fills(Case& c) {
  const bool floats = std::ranges::any_of(
      c.storages, [](const Storage& storage) { return !engine::is_integral(storage.dtype); });
  const Call& call = c.calls.front();
  for (size_t i = 0; i < call.arguments.size(); ++i)
    for_each_tensor(call.arguments[i], [&](const TensorRef& ref) {
      Storage& storage = c.storage_of(c.input_of(ref));
      storage.rule = rule_for(storage.dtype, call.names[i], floats);
      if (is_random(storage.rule)) storage.rng_seed = static_cast<uint64_t>(ref.index) + 1;
    });
}

// Writes the arguments into `call`, in the schema's order. Returns why they do not fit the schema, or
// nothing.
std::string bind(const engine::Schema& schema, LoggedCall& logged, Call& call) {
  const size_t count = schema.arguments.size();
  if (logged.positional.size() > count)
    return fmt::format("{} arguments for {} declared ones", logged.positional.size(), count);
  std::vector<std::optional<Value>> bound(count);
  for (size_t i = 0; i < logged.positional.size(); ++i) bound[i] = std::move(logged.positional[i]);
  for (auto& [name, value] : logged.by_name) {
    const auto declared = std::ranges::find(schema.arguments, name, &engine::Argument::name);
    if (declared == schema.arguments.end()) return fmt::format("no argument is called '{}'", name);
    std::optional<Value>& place = bound[static_cast<size_t>(declared - schema.arguments.begin())];
    if (place) return fmt::format("argument '{}' is given twice", name);
    place = std::move(value);
  }
  for (size_t i = 0; i < count; ++i) {
    const engine::Argument& argument = schema.arguments[i];
    if (!bound[i]) bound[i] = default_of(argument);
    if (!bound[i]) return fmt::format("argument '{}' is missing", argument.name);
    call.names.push_back(argument.name);
    call.arguments.push_back(fitted(std::move(*bound[i]), argument.type));
  }
  return {};
}

class Importer {
 public:
  Importer(std::string_view text, std::string_view name, const Catalog& catalog)
      : cursor_(text, name), catalog_(catalog) {}

  Imported import() {
    for (;;) {
      cursor_.skip_blanks(true);
      if (cursor_.at_end()) break;
      const size_t start = cursor_.at();
      const std::string_view word = cursor_.word();
      if (word == "Operator:") {
        parse_operator();
      } else if (word == "cnt:") {
        parse_count(start);
      } else {
        cursor_.fail_at_word("expected 'Operator: NAMESPACE.NAME.OVERLOAD' or 'cnt: N, ((...), {...})'");
      }
      cursor_.skip_blanks(false);
      if (!cursor_.at_end() && !cursor_.take('\n'))
        cursor_.fail(fmt::format("expected the end of the line, found {}", cursor_.found()));
    }
    if (imported_.cases.empty() && imported_.skipped.empty())
      cursor_.fail("expected a call: 'cnt: N, ((...), {...})' below 'Operator: NAMESPACE.NAME.OVERLOAD'");
    return std::move(imported_);
  }

 private:
  // aten.add.Tensor; "default" is the overload without a name.
  void parse_operator() {
    logged_name_ = cursor_.next_word();
    const size_t first = logged_name_.find('.');
    const size_t last = logged_name_.rfind('.');
    op_.clear();
    if (first != std::string::npos && first != last) {
      op_ = fmt::format("{}::{}", logged_name_.substr(0, first), logged_name_.substr(first + 1));
      constexpr std::string_view unnamed = ".default";
      if (op_.ends_with(unnamed)) op_.resize(op_.size() - unnamed.size());
    }
    if (!is_operator_name(op_))
      cursor_.fail_at_word("expected an operator such as aten.add.Tensor or aten.mm.default");
  }

  void parse_count(size_t start) {
    uint64_t count = 0;
    if (!to_integer(cursor_.next_word(), count)) cursor_.fail_at_word("expected the number of such calls");
    cursor_.skip_blanks(false);
    cursor_.expect(',', "after the count");
    LoggedCall logged = parse_logged_call(cursor_);
    if (op_.empty()) cursor_.fail(start, "expected a line 'Operator: ...' before the first call");
    wrong_ = false;
    if (std::string why = add_case(logged); !why.empty()) {
      imported_.skipped.push_back(
          {cursor_.line_of(start), cursor_.column_of(start), op_, std::move(why), wrong_});
    }
  }

  std::string add_case(LoggedCall& logged) {
    const Operator* op = catalog_.find(op_);
    wrong_ = true;
    if (op == nullptr) return "the subject has no such operator";
    wrong_ = false;
    if (op->off_limits) return "the operator touches files, networks, processes or profilers";
    if (!logged.why_not.empty()) return logged.why_not;
    Case c;
    Call& call = c.calls.emplace_back();
    call.op = op->name;
    wrong_ = true;
    if (std::string why = bind(op->schema, logged, call); !why.empty()) return why;
    if (std::string why = misfit(call, op->schema); !why.empty()) return why;
    wrong_ = false;
    c.storages = std::move(logged.storages);
    c.inputs = std::move(logged.inputs);
    choose_fills(c);
    if (std::string fault = fault_of(c); !fault.empty()) return fault;
    imported_.cases.push_back(std::move(c));
    imported_.names.push_back(fmt::format("{}-{:03}", logged_name_, ++numbers_[logged_name_]));
    return {};
  }

  Cursor cursor_;
  const Catalog& catalog_;
  std::string logged_name_, op_;
  std::map<std::string, int> numbers_;
  bool wrong_ = false;  // why the call is skipped is a mistake of the log
  Imported imported_;
};

}  // namespace

Imported import_trace(std::string_view text, std::string_view name, const Catalog& catalog) {
  return Importer(text, name, catalog).import();
}

}  // namespace corpora
