#include "corpora/case/program_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "corpora/case/text_values.h"

namespace corpora {

namespace {

class ProgramParser {
 public:
  explicit ProgramParser(Cursor& cursor) : cursor_(cursor) {}

  Statement parse(std::string_view word) {
    if (word == "register") parse_registration();
    if (word == "drop") parse_drop();
    if (word == "guard") parse_guard();
    if (word == "throw") made_.kind = StatementKind::unwind;
    if (word == "call") parse_call();
    return std::move(made_);
  }

 private:
  // One of `words`, as the enumerator of its index.
  template <class Enumeration, size_t count>
  void one_of(const std::array<std::string_view, count>& words, Enumeration& value) {
    const auto found = std::find(words.begin(), words.end(), cursor_.next_word());
    if (found == words.end()) cursor_.fail_at_word(fmt::format("expected one of: {}", fmt::join(words, " ")));
    value = static_cast<Enumeration>(found - words.begin());
  }
  void number(char letter) {
    const std::string_view text = cursor_.next_word();
    if (text.empty() || text.front() != letter || !to_integer(text.substr(1), made_.number) ||
        made_.number < 0)
      cursor_.fail_at_word(fmt::format("expected {0}0, {0}1 ...", letter));
  }
  void op() {
    std::array<std::string_view, program_op_count> names;
    for (size_t i = 0; i < names.size(); ++i) names[i] = name_of(static_cast<ProgramOp>(i));
    one_of(names, made_.op);
  }
  engine::DispatchKey key() {
    const std::optional<engine::DispatchKey> found = engine::dispatch_key_named(cursor_.next_word());
    if (!found) cursor_.fail_at_word("expected a dispatch key such as AutogradCPU");
    return *found;
  }
  engine::KeySet member() {
    const std::string_view name = cursor_.word();
    if (name.ends_with("Bit")) {
      for (int b = 1; b <= engine::backend_count; ++b)
        if (engine::name_of(static_cast<engine::Backend>(b)) == name.substr(0, name.size() - 3))
          return engine::KeySet(static_cast<engine::Backend>(b));
    }
    const std::optional<engine::DispatchKey> found = engine::dispatch_key_named(name);
    if (!found || engine::KeySet(*found).empty())
      cursor_.fail_at_word("expected a dispatch key that can be in a set, or a backend's bit such as CPUBit");
    return *found;
  }
  engine::KeySet keys() {
    cursor_.skip_blanks(false);
    cursor_.expect('{', "and dispatch keys");
    engine::KeySet set;
    cursor_.take_list('}', "a dispatch key", [&] { set |= member(); });
    return set;
  }
  void parse_registration() {
    number('k');
    constexpr std::array<std::string_view, 3> kinds{"def", "impl", "fallback"};
    one_of(kinds, made_.kind);
    if (made_.kind != StatementKind::fallback) op();
    if (made_.kind == StatementKind::define) return;
    made_.key = key();
    if (made_.kind == StatementKind::implement) one_of(flavour_words, made_.flavour);
    one_of(act_words, made_.act);
  }
  void parse_drop() {
    cursor_.skip_blanks(false);
    const bool guard = cursor_.peek() == 'g';
    made_.kind = guard ? StatementKind::end : StatementKind::drop;
    number(guard ? 'g' : 'k');
  }
  void parse_guard() {
    made_.kind = StatementKind::guard;
    number('g');
    one_of(guard_words, made_.guard);
    made_.keys = keys();
    if (made_.guard == GuardKind::force) made_.excluded = keys();
  }
  void parse_call() {
    made_.kind = StatementKind::call;
    constexpr std::array<std::string_view, 2> kinds{"boxed", "typed"};
    one_of(kinds, made_.typed);
    cursor_.skip_blanks(false);
    Cursor ahead = cursor_;
    if (ahead.word() == "at") {
      cursor_ = ahead;
      made_.redispatch = true;
      made_.keys = keys();
    }
    op();
    cursor_.expect('(', "after the operator");
    cursor_.take_list(')', "an argument", [&] {
      if (made_.arguments.size() >= program_arguments_max)
        cursor_.fail(fmt::format("at most {} arguments are allowed", program_arguments_max));
      made_.arguments.push_back(argument());
    });
  }
  ProgramArgument argument() {
    using Kind = ProgramArgument::Kind;
    if (cursor_.peek() == '{') return {Kind::given, keys()};
    const std::string_view text = cursor_.word();
    if (text == "None") return {Kind::none, {}};
    if (text == "undefined") return {Kind::undefined, {}};
    cursor_.fail_at_word("expected a tensor's keys in braces, undefined or None");
  }

  Cursor& cursor_;
  Statement made_;
};

}  // namespace

bool begins_program_statement(std::string_view word, Cursor after) {
  if (word == "register" || word == "drop" || word == "guard" || word == "throw") return true;
  if (word != "call") return false;
  after.skip_blanks(false);
  const std::string_view how = after.word();
  return how == "boxed" || how == "typed";
}

Statement parse_program_statement(std::string_view word, Cursor& cursor) {
  return ProgramParser(cursor).parse(word);
}

}  // namespace corpora
