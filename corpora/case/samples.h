// Samples: cases that an author gives as examples of right calls, by the operator of their last call. A run
// begins with them and draws changes of them (vary.h).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace corpora {

class Samples {
 public:
  // Reads .case files, folders with .case files, and logs of operator inputs (import.h). Headers are dropped.
  // Throws engine::InputError, with "FILE:LINE:COLUMN" where there is one, for a sample whose operator does
  // not exist or whose arguments do not fit its schema, and for a folder without a sample. `left_out`
  // receives a line for each call of a log that a case cannot hold.
  static Samples read(const std::vector<std::string>& places, const Catalog& catalog,
                      std::vector<std::string>& left_out);

  // A case whose calls fit the catalog.
  void add(Case c);

  const std::vector<Case>& cases() const { return cases_; }
  // Those of one operator, valid until the next add(); empty if there is none.
  std::vector<const Case*> of(std::string_view op) const;
  // All of them, as part of what identifies a run.
  std::string text() const;

 private:
  std::vector<Case> cases_;
  std::map<std::string, std::vector<size_t>, std::less<>> by_operator_;
};

}  // namespace corpora
