// CaseSubject: the subject that a stored case names in its header (subject, load), or that flags name
// instead. Keeps the last subject, so that consecutive cases with the same header lines share it.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/subject_choice.h"
#include "corpora/case/case.h"
#include "oracles/isolation/isolated.h"
#include "oracles/oracle.h"
#include "oracles/subject.h"

namespace cli {

class CaseSubject {
 public:
  void add_to(CLI::App& app);
  // Throws InputError(file, ...) for an unknown subject or library. A relative path of a library is looked up
  // in the current folder, then in the folder of the case.
  oracles::Subject& of(const corpora::Case& c, const std::string& file);
  // Those of the case's header and of --load, for the header of a case that is made from this one.
  std::vector<std::string> libraries_of(const corpora::Case& c) const;
  std::vector<std::string> tolerances_of(const corpora::Case& c) const;  // likewise, of --tolerances
  oracles::IsolatedLimits limits() const;

 private:
  std::unique_ptr<oracles::Subject> made(const SubjectChoice& choice, const corpora::Case& c,
                                         const std::string& file) const;

  SubjectChoice flags_;
  const CLI::Option* subject_flag_ = nullptr;
  double timeout_seconds_ = 5;
  std::string key_;
  std::unique_ptr<oracles::Subject> subject_;
};

// The oracle that the case's header names; throws InputError(file, ...) if it names none.
const oracles::Oracle& oracle_of(const corpora::Case& c, const std::string& file);

// Reads a case; throws InputError if it contains no call.
corpora::Case open_case(const std::string& file);

}  // namespace cli
