// Reading cases.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "corpora/case/number_text.h"
#include "corpora/case/program_parse.h"
#include "corpora/case/text.h"
#include "corpora/case/text_cursor.h"
#include "corpora/case/text_file.h"
#include "corpora/case/text_values.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

using engine::Dims;
using engine::DType;
using Limits = CaseLimits;

// One statement a line. Each part is checked as soon as it is read, so that an error names its line and
// column and no memory is allocated for a number that a file merely claims.
class CaseParser {
 public:
  CaseParser(std::string_view text, std::string_view name) : cursor_(text, name) {}

  Case parse() {
    parse_version();
    for (;;) {
      blanks(true);
      if (cursor_.at_end()) break;
      parse_statement();
      end_line();
    }
    if (std::string fault = fault_of(case_.header, case_.storages.size()); !fault.empty())
      cursor_.fail(path_at_, fault);
    size_t wrong = 0;
    if (std::string fault = fault_of_program(case_.program, &wrong); !fault.empty())
      cursor_.fail(statements_at_.empty() ? cursor_.at() : statements_at_[wrong], fault);
    if (std::string fault = fault_of(case_); !fault.empty()) cursor_.fail(fault);
    return std::move(case_);
  }

 private:
  void blanks(bool newlines = false) { cursor_.skip_blanks(newlines); }

  void end_line() {
    blanks();
    if (!cursor_.at_end() && !cursor_.take('\n'))
      cursor_.fail(fmt::format("expected the end of the line, found {}", cursor_.found()));
  }

  void keyword(std::string_view word) {
    if (cursor_.next_word() != word) cursor_.fail_at_word(fmt::format("expected '{}'", word));
  }

  // "s3". Statements of one kind are numbered in order, so that a reader finds them.
  void number(char letter, size_t expected_number, size_t limit, std::string_view what) {
    blanks();
    if (expected_number >= limit) cursor_.fail(fmt::format("at most {} {} are allowed", limit, what));
    const std::string expected = fmt::format("{}{}", letter, expected_number);
    if (cursor_.word() != expected)
      cursor_.fail_at_word(fmt::format("expected '{}': {} are numbered in order", expected, what));
    blanks();
  }

  int64_t parse_count(std::string_view what) {
    int64_t count = 0;
    if (!to_integer(cursor_.word(), count)) cursor_.fail_at_word(fmt::format("expected {}", what));
    return count;
  }

  void parse_version() {
    blanks(true);
    int version = 0;
    if (cursor_.word() != "faultline" || cursor_.next_word() != "case" ||
        !to_integer(cursor_.next_word(), version) || version < 1)
      cursor_.fail_at_word(fmt::format("expected 'faultline case {}'", text_version));
    if (version > text_version)
      cursor_.fail_at_word(fmt::format("case format {}: this build reads up to {}", version, text_version));
    end_line();
  }

  void parse_statement() {
    const size_t start = cursor_.at();
    const std::string_view word = cursor_.word();
    if (begins_program_statement(word, cursor_)) return parse_program(word, start);
    if (word == "storage") return parse_storage(start);
    if (word == "input") return parse_input(start);
    if (word == "call") return parse_call(start);
    parse_header_line(word, start);
  }

  void parse_header_line(std::string_view word, size_t start) {
    Header& header = case_.header;
    if (std::ranges::find(header_words, word) == header_words.end())
      cursor_.fail(start,
                   fmt::format("expected a statement: {}, storage, input or call; in dispatch programs: "
                               "register, drop, guard, throw or call",
                               fmt::join(header_words, ", ")));
    if (!case_.storages.empty() || !case_.inputs.empty() || !case_.calls.empty())
      cursor_.fail(start, fmt::format("'{}' belongs to the header, before storages, inputs and calls", word));
    blanks();
    if (word == "subject") return set_word(header.subject, "subject");
    if (word == "oracle") return set_word(header.oracle, "oracle");
    if (word == "plant") return set_word(header.plant, "plant");
    if (word == "path") return parse_path_line();
    if (word == "expect") return parse_expect();
    if (word == "tolerances") return add_file(header.tolerances, "file of tolerances");
    add_file(header.load, "library");
  }

  void add_file(std::vector<std::string>& files, std::string_view what) {
    if (files.size() >= Limits::libraries)
      cursor_.fail(fmt::format("a case may name at most {} files of one sort", Limits::libraries));
    files.push_back(cursor_.peek() == '"' ? cursor_.quoted('"') : std::string(cursor_.bare()));
    if (files.back().empty()) cursor_.fail(fmt::format("expected the name of a {}", what));
  }

  void set_word(std::string& word, std::string_view what) {
    if (!word.empty()) cursor_.fail(fmt::format("a second {}", what));
    const std::string_view found = cursor_.bare();
    if (!is_word(found)) cursor_.fail_at_word(fmt::format("expected the name of the {}", what));
    word = found;
  }

  void parse_path_line() {
    if (path_at_ != 0) cursor_.fail("a second path");
    path_at_ = cursor_.at();
    const std::string_view text = cursor_.bare();
    try {
      case_.header.path = parse_path(text);
    } catch (const engine::InputError& error) {
      size_t column = 1;
      to_integer(std::string_view(error.where()).substr(error.where().rfind(':') + 1), column);
      cursor_.fail(path_at_ + std::min(column, text.size() + 1) - 1, error.what());
    }
  }

  void parse_expect() {
    Header& header = case_.header;
    if (header.expect != Expect::nothing) cursor_.fail("a second expectation");
    const std::string_view what = cursor_.word();
    if (what != "agree" && what != "differ") cursor_.fail_at_word("expected 'agree' or 'differ KIND'");
    header.expect = what == "agree" ? Expect::agree : Expect::differ;
    if (header.expect == Expect::agree) return;
    blanks();
    set_word(header.expect_kind, "kind of difference");
  }

  // storage s0 f32[6] normal(12)    storage s1 u8[2] values { 1 255 }
  void parse_storage(size_t start) {
    number('s', case_.storages.size(), Limits::storages, "storages");
    Storage storage;
    const std::optional<DType> dtype = engine::dtype_named(cursor_.word());
    if (!dtype) cursor_.fail_at_word("expected a dtype: " + dtype_names());
    storage.dtype = *dtype;
    cursor_.expect('[', "and the number of elements");
    storage.elements = parse_count("a number of elements");
    if (storage.elements < 0 || storage.elements > Limits::elements)
      cursor_.fail_at_word(fmt::format("expected between 0 and {} elements", Limits::elements));
    cursor_.expect(']', "after the number of elements");
    const std::optional<FillRule> rule = fill_rule_named(cursor_.next_word());
    if (!rule)
      cursor_.fail_at_word(
          "expected a fill rule: values zeros ones iota integers dyadic normal positive unit wild");
    storage.rule = *rule;
    if (cursor_.take('(')) {
      if (!to_integer(cursor_.word(), storage.rng_seed))
        cursor_.fail_at_word("expected an rng_seed: a number below 2^64");
      cursor_.expect(')', "after the rng_seed");
    }
    if (storage.rule == FillRule::values) parse_elements(storage);
    if (std::string fault = fault_of(storage); !fault.empty()) cursor_.fail(start, fault);
    case_.storages.push_back(std::move(storage));
    if (storage_bytes(case_) > Limits::storage_bytes)
      cursor_.fail(start, fmt::format("the storages take more than {} bytes", Limits::storage_bytes));
  }

  void parse_elements(Storage& storage) {
    blanks(true);
    const size_t size = engine::size_of(storage.dtype);
    explicit_bytes_ += storage.elements * static_cast<int64_t>(size);
    if (explicit_bytes_ > Limits::explicit_bytes)
      cursor_.fail(fmt::format("explicit values take more than {} bytes", Limits::explicit_bytes));
    cursor_.expect('{', "and the values");
    for (int64_t read = 0;; ++read) {
      blanks(true);
      const size_t start = cursor_.at();
      const bool closing = cursor_.take('}');
      if (closing != (read == storage.elements))
        cursor_.fail(start, fmt::format("expected {} values and then '}}', found {} after {} values",
                                        storage.elements, closing ? "'}'" : cursor_.found(), read));
      if (closing) return;
      const std::string element = next_element();
      if (element.empty()) cursor_.fail(start, fmt::format("expected a value, found {}", cursor_.found()));
      std::array<std::byte, 16> bytes{};
      std::string why;
      if (!parse_element(storage.dtype, element, bytes.data(), why)) cursor_.fail(start, why);
      storage.bytes.insert(storage.bytes.end(), bytes.begin(), bytes.begin() + size);
    }
  }

  // A number, or "(number,number)" without blanks.
  std::string next_element() {
    if (!cursor_.take('(')) return std::string(cursor_.word());
    blanks(true);
    const std::string_view real = cursor_.word();
    blanks(true);
    cursor_.expect(',', "between the two parts of a complex value");
    blanks(true);
    const std::string_view imaginary = cursor_.word();
    blanks(true);
    cursor_.expect(')', "after a complex value");
    return fmt::format("({},{})", real, imaginary);
  }

  Dims parse_dims(std::string_view name) {
    keyword(name);
    blanks(true);
    cursor_.expect('[', "and numbers");
    Dims dims;
    cursor_.take_list(']', "a number", [&] {
      if (dims.size() >= Limits::rank)
        cursor_.fail(fmt::format("at most {} dimensions are allowed", Limits::rank));
      dims.push_back(parse_count("a number"));
    });
    return dims;
  }

  // input t0 s0 sizes [2, 3] strides [1, 2] offset 0
  void parse_input(size_t start) {
    number('t', case_.inputs.size(), Limits::inputs, "inputs");
    Input input;
    const std::string_view storage = cursor_.word();
    if (storage.empty() || storage.front() != 's' || !to_integer(storage.substr(1), input.storage))
      cursor_.fail_at_word("expected a storage such as s0");
    if (input.storage < 0 || static_cast<size_t>(input.storage) >= case_.storages.size())
      cursor_.fail_at_word(fmt::format("'{}' is not declared above", storage));
    input.sizes = parse_dims("sizes");
    input.strides = parse_dims("strides");
    keyword("offset");
    blanks();
    input.offset = parse_count("an offset");
    if (std::string fault = fault_of(input, case_.storages); !fault.empty()) cursor_.fail(start, fault);
    case_.inputs.push_back(std::move(input));
  }

  // call r0 aten::add.Tensor(self=t0, other=t1, alpha=1)
  void parse_call(size_t start) {
    number('r', case_.calls.size(), Limits::calls, "calls");
    Call call;
    call.op = cursor_.word();
    if (!is_operator_name(call.op))
      cursor_.fail_at_word("expected an operator with its namespace, such as aten::add.Tensor");
    cursor_.expect('(', "after the operator");
    cursor_.take_list(')', "an argument", [&] { parse_argument(call); });
    if (std::string fault = fault_of(call, case_.inputs.size(), case_.calls.size()); !fault.empty())
      cursor_.fail(start, fault);
    case_.calls.push_back(std::move(call));
  }

  void parse_argument(Call& call) {
    const size_t start = cursor_.at();
    Cursor ahead = cursor_;
    const std::string_view name = ahead.word();
    ahead.skip_blanks(true);
    const bool named = !name.empty() && ahead.take('=');
    if (named) {
      if (!is_word(name)) cursor_.fail(start, fmt::format("'{}' is not an argument name", name));
      cursor_ = ahead;
      blanks(true);
    }
    if (!call.arguments.empty() && named == call.names.empty())
      cursor_.fail(start, "name either all arguments of a call or none");
    call.arguments.push_back(values_.parse(case_.inputs.size(), case_.calls.size()));
    if (named) call.names.emplace_back(name);
  }

  // register k0 def tensor    call boxed tensor({CPU})
  void parse_program(std::string_view word, size_t start) {
    if (case_.program.empty()) case_.calls.push_back({std::string(program_operator), {}, {}});
    if (case_.program.size() >= statements_max)
      cursor_.fail(start, fmt::format("a program has at most {} statements", statements_max));
    case_.program.push_back(parse_program_statement(word, cursor_));
    statements_at_.push_back(start);
  }

  static constexpr std::array<std::string_view, 7> header_words{"subject",    "oracle", "path",  "load",
                                                                "tolerances", "plant",  "expect"};
  Cursor cursor_;
  ValueParser values_{cursor_};
  Case case_;
  size_t path_at_ = 0;
  std::vector<size_t> statements_at_;  // of the program
  int64_t explicit_bytes_ = 0;
};

}  // namespace

Case parse_case(std::string_view text, std::string_view name) {
  if (text.size() > Limits::text_bytes)
    throw engine::InputError(std::string(name),
                             fmt::format("a case has at most {} bytes", Limits::text_bytes));
  return CaseParser(text, name).parse();
}

Case read_case(const std::string& file) { return parse_case(text_of_file(file, "a .case file"), file); }

}  // namespace corpora
