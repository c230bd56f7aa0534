// CaseTarget: a target whose inputs are cases. Text that parses is that case; any other bytes are the choices
// from which a case is drawn, so every input is a case.
#pragma once

#include "corpora/case/mutate.h"
#include "fuzz/targets/driver/target.h"

namespace fuzz {

class CaseTarget : public Target {
 public:
  void run(std::string_view input) final;
  std::string mutated(std::string_view input, size_t most, corpora::ChoiceSource& choices) override;
  std::string crossed(std::string_view input, std::string_view other, size_t most,
                      corpora::ChoiceSource& choices) override;

 protected:
  virtual const corpora::Supply& supply() const = 0;
  virtual corpora::Case drawn(corpora::ChoiceSource& choices) const;
  virtual void judge(const corpora::Case& c) = 0;

 private:
  corpora::Case case_of(std::string_view input) const;
};

}  // namespace fuzz
