// CaseSubject: the subject that a stored case asks for in its header (subject, load), or that flags ask for
// in its place. Keeps the last one built: cases that ask for the same share it.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

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
  oracles::IsolatedLimits limits() const;

 private:
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
