// Fallbacks: draws cases of a subject and judges each with every oracle. With a planted bug (from
// FAULTLINE_PLANT, or named by the target), the subject contains the bug, and only its operators are drawn.
#pragma once

#include <memory>

#include "fuzz/targets/driver/bench.h"
#include "fuzz/targets/driver/case_target.h"
#include "fuzz/targets/driver/findings.h"
#include "oracles/planted/planted.h"

namespace fuzz {

class Fallbacks final : public CaseTarget {
 public:
  // Where cases are judged, and what happens at a new finding. With a planted bug every finding ends the run.
  struct Manner {
    Bench::Where where = Bench::Where::this_process;
    Findings::OnNew on_new = Findings::OnNew::aborts;
  };
  Fallbacks(const std::string& subject, const std::string& plant, Manner manner);
  ~Fallbacks() override;  // prints the totals

 private:
  const corpora::Supply& supply() const override { return supply_; }
  void judge(const corpora::Case& c) override;
  // False if the child process died: each mutation of the input would cost another process.
  bool is_worth_keeping() const override { return !died_; }

  bool is_tried(const corpora::Case& c) const;

  const oracles::Planted* planted_;  // or nullptr
  std::unique_ptr<oracles::Subject> subject_;
  corpora::Supply supply_;
  Bench bench_;
  Findings findings_;
  uint64_t cases_ = 0, checks_ = 0;
  bool died_ = false;
};

}  // namespace fuzz
