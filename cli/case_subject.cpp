#include "cli/case_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/number_checks.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

std::string found_library(const std::string& library, const std::string& file) {
  if (fs::exists(library)) return library;
  const fs::path beside = fs::path(file).parent_path() / library;
  if (fs::exists(beside)) return beside.string();
  throw engine::InputError(file, "its header loads '" + library + "', which does not exist");
}

}  // namespace

void CaseSubject::add_to(CLI::App& app) {
  flags_.add_to(app);
  subject_flag_ = app.get_option("--subject");
  app.add_option("--timeout", timeout_seconds_, "CPU seconds that one check may take")
      ->check(a_duration())
      ->capture_default_str();
}

oracles::Subject& CaseSubject::of(const corpora::Case& c, const std::string& file) {
  SubjectChoice choice = flags_;
  if (subject_flag_->empty() && !c.header.subject.empty()) choice.subject = c.header.subject;
  choice.plant = c.header.plant;
  for (const std::string& library : c.header.load) {
    const std::string found = found_library(library, file);
    if (std::find(choice.load.begin(), choice.load.end(), found) == choice.load.end())
      choice.load.push_back(found);
  }
  const std::string key = fmt::format("{} {} {}", choice.subject, choice.plant, fmt::join(choice.load, "\n"));
  if (!subject_ || key != key_) {
    subject_.reset();
    subject_ = choice.make();
    key_ = key;
  }
  require_known_operators(c, *subject_, file);
  return *subject_;
}

oracles::IsolatedLimits CaseSubject::limits() const {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = timeout_seconds_;
  return limits;
}

const oracles::Oracle& oracle_of(const corpora::Case& c, const std::string& file) {
  if (c.header.oracle.empty())
    throw engine::InputError(file, "its header names no oracle; name one with --oracles or 'oracle NAME'");
  const oracles::Oracle* oracle = oracles::find_oracle(c.header.oracle);
  if (!oracle) throw engine::InputError(file, "there is no oracle '" + c.header.oracle + "'");
  return *oracle;
}

corpora::Case open_case(const std::string& file) {
  corpora::Case c = corpora::read_case(file);
  if (c.calls.empty()) throw engine::InputError(file, "the case calls nothing");
  return c;
}

void require_known_operators(const corpora::Case& c, const oracles::Subject& subject,
                             const std::string& file) {
  for (const corpora::Call& call : c.calls) {
    const corpora::Operator* op = subject.catalog().find(call.op);
    if (!op) throw engine::InputError(file, fmt::format("{} has no operator '{}'", subject.name(), call.op));
    if (call.arguments.size() != op->schema.arguments.size())
      throw engine::InputError(file, fmt::format("{} takes {} arguments, the case gives {}", call.op,
                                                 op->schema.arguments.size(), call.arguments.size()));
  }
}

}  // namespace cli
