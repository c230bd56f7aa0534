#include "cli/case_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/author_flags.h"
#include "cli/flags.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "oracles/subjects/host.h"
#include "reports/files.h"
#include "reports/json_text.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

// FILE:LINE:COLUMN of the first line of the case that begins with `start`.
std::string place_of(const std::string& start, const std::string& file) {
  const std::string text = reports::read_text(file);
  const size_t at = text.find("\n" + start);
  return reports::position_in(text, file, at == std::string::npos ? 0 : at + 1);
}

// `word` begins the line of the header that names the file `named`.
std::string found_file(const std::string& named, const std::string& word, const std::string& file) {
  if (fs::exists(named)) return named;
  const fs::path beside = fs::path(file).parent_path() / named;
  if (fs::exists(beside)) return beside.string();
  throw engine::InputError(place_of(word, file), "'" + named + "' is not a file");
}

std::string found_library(const std::string& library, const std::string& file) {
  if (oracles::module_in(library).empty()) return found_file(library, "load ", file);
  if (oracles::host()) return library;
  throw engine::InputError(place_of("load ", file), "'" + library +
                                                        "' is a Python module; use "
                                                        "`python3 -m faultline` for this case");
}

void add_once(std::vector<std::string>& to, const std::string& text) {
  if (std::ranges::find(to, text) == to.end()) to.push_back(text);
}

void require_known_operators(const corpora::Case& c, const oracles::Subject& subject,
                             const std::string& file) {
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const corpora::Call& call = c.calls[i];
    const auto place = [&] { return place_of(fmt::format("call r{} ", i), file); };
    const corpora::Operator* op = subject.catalog().find(call.op);
    if (!op)
      throw engine::InputError(place(), fmt::format("{} has no operator '{}'", subject.name(), call.op));
    if (call.arguments.size() != op->schema.arguments.size())
      throw engine::InputError(place(), fmt::format("{} takes {} arguments, but the case has {}", call.op,
                                                    op->schema.arguments.size(), call.arguments.size()));
  }
}

}  // namespace

std::unique_ptr<oracles::Subject> CaseSubject::made(const SubjectChoice& choice, const corpora::Case& c,
                                                    const std::string& file) const try {
  return choice.make();
} catch (const engine::InputError& error) {
  if (choice.subject != flags_.subject)
    throw engine::InputError(place_of("subject " + c.header.subject, file), error.what());
  if (!choice.plant.empty())
    throw engine::InputError(place_of("plant " + c.header.plant, file), error.what());
  throw;
}

void CaseSubject::add_to(CLI::App& app) {
  flags_.add_to(app);
  add_tolerances(app, flags_.tolerances);
  subject_flag_ = app.get_option("--subject")
                      ->default_str("")
                      ->description("engine or torch, instead of the subject that the case names");
  app.add_option("--timeout", timeout_seconds_, "CPU time that one check may take")
      ->type_name("SECONDS")
      ->check(a_duration())
      ->capture_default_str();
}

oracles::Subject& CaseSubject::of(const corpora::Case& c, const std::string& file) {
  SubjectChoice choice = flags_;
  if (subject_flag_->empty() && !c.header.subject.empty()) choice.subject = c.header.subject;
  choice.plant = c.header.plant;
  for (const std::string& library : c.header.load) add_once(choice.load, found_library(library, file));
  for (const std::string& tolerances : c.header.tolerances)
    add_once(choice.tolerances, found_file(tolerances, "tolerances ", file));
  const std::string key = fmt::format("{} {} {}\n{}", choice.subject, choice.plant,
                                      fmt::join(choice.load, "\n"), fmt::join(choice.tolerances, "\n"));
  if (!subject_ || key != key_) {
    subject_.reset();
    subject_ = made(choice, c, file);
    key_ = key;
  }
  require_known_operators(c, *subject_, file);
  return *subject_;
}

std::vector<std::string> CaseSubject::libraries_of(const corpora::Case& c) const {
  std::vector<std::string> libraries = c.header.load;
  for (const std::string& path : flags_.loaded_paths()) add_once(libraries, path);
  return libraries;
}

std::vector<std::string> CaseSubject::tolerances_of(const corpora::Case& c) const {
  std::vector<std::string> files = c.header.tolerances;
  for (const std::string& path : flags_.tolerances_paths()) add_once(files, path);
  return files;
}

oracles::IsolatedLimits CaseSubject::limits() const {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = timeout_seconds_;
  return limits;
}

const oracles::Oracle& oracle_of(const corpora::Case& c, const std::string& file) {
  if (c.header.oracle.empty())
    throw engine::InputError(
        file, "the header does not name an oracle; add a line 'oracle NAME' after 'subject NAME'");
  const oracles::Oracle* oracle = oracles::find_oracle(c.header.oracle);
  if (!oracle)
    throw engine::InputError(place_of("oracle ", file),
                             "unknown oracle '" + c.header.oracle + "'; `faultline list oracles` shows all");
  return *oracle;
}

corpora::Case open_case(const std::string& file) {
  corpora::Case c = corpora::read_case(file);
  if (c.calls.empty()) throw engine::InputError(file, "the case contains no call");
  return c;
}

}  // namespace cli
