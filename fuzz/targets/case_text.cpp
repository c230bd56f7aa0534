// The text form of cases: printing and parsing a case gives an equal case, and other text is rejected with
// the position of the error.
#include "corpora/case/case_arbitrary.h"
#include "corpora/case/text.h"
#include "fuzz/targets/driver/case_target.h"
#include "oracles/make_subject.h"

namespace {

class CaseText final : public fuzz::CaseTarget {
  const corpora::Supply& supply() const override { return supply_; }
  corpora::Case drawn(corpora::ChoiceSource& choices) const override {
    return corpora::arbitrary_case(supply_.catalog, choices);
  }
  // Half of the mutations work on bytes, because most errors of a parser are in how it rejects text.
  std::string mutated(std::string_view input, size_t most, corpora::ChoiceSource& choices) override {
    if (choices.chance(1, 2)) return Target::mutated(input, most, choices);
    return CaseTarget::mutated(input, most, choices);
  }

  void judge(const corpora::Case& c) override {
    std::string text = corpora::to_text(c);
    if (const size_t at = text.find("offset 5"); planted_ && at != text.npos) text[at + 7] = '4';
    if (!(corpora::parse_case(text, "printed") == c))
      fuzz::abort_with("printed and parsed, the case is a different one: " + text);
  }

  const bool planted_ = fuzz::settings().plant == "case_text";  // prints a wrong offset
  std::unique_ptr<oracles::Subject> engine_ = oracles::make_subject("engine", {});
  corpora::Supply supply_{
      engine_->catalog(), engine_->domains(), corpora::select(engine_->catalog(), {}), {}};
};

}  // namespace

fuzz::Target& fuzz::target() {
  static CaseText case_text;
  return case_text;
}
