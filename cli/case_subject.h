// CaseSubject: the subject that a stored case names in its header (subject, load), or that flags name
// instead. Keeps the last one built, so that cases that name the same share it.
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
  // Throws InputError(file, ...) when there is no such subject or library. A library named by a relative path
  // is looked for here and beside the case.
  oracles::Subject& of(const corpora::Case& c, const std::string& file);
  // Those of the case's header and of --load: what the header of a case made from it must name.
  std::vector<std::string> libraries_of(const corpora::Case& c) const;
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

// The one oracle that the case's header names; InputError(file, ...) when it names none.
const oracles::Oracle& oracle_of(const corpora::Case& c, const std::string& file);

// read_case, with a failure of the operators against the subject's catalog as an InputError.
corpora::Case open_case(const std::string& file);
void require_known_operators(const corpora::Case& c, const oracles::Subject& subject,
                             const std::string& file);

}  // namespace cli
