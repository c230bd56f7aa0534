// Finding: a minimised divergence with a fingerprint and everything that is needed to reproduce it.
// On disk it is findings/<fingerprint>/{finding.json, finding.case, repro.py, repro.cpp}. Other findings on
// the same mistake are in findings/<fingerprint>/also/<fingerprint>/.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "engine/dispatch/schema.h"
#include "oracles/compare/divergence.h"
#include "oracles/subject.h"

namespace reports {

struct Origin {
  uint64_t rng_seed = 0;
  uint64_t index = 0;  // case index in the campaign
  std::string subject_version, faultline_version, build, device;
  std::vector<std::string> load;
  std::vector<std::string> tolerances;  // files
  std::string plant;                    // of the engine
  bool of_author = false;               // the run was about operators of an author
  oracles::Toolchain toolchain;         // with which the reproducers run
};

// Whose operator a finding is about: of the library under test, or of the author of what was loaded.
enum class Owner : uint8_t { library, author };
std::string_view name_of(Owner owner);

struct Finding {
  oracles::Signature signature;
  Owner owner = Owner::library;
  std::vector<std::string> features;    // sorted; what the minimal case still needs (features.h)
  std::string fingerprint;              // 16 hex digits over signature and features
  std::string group;                    // the same without the operator
  corpora::Case minimal;                // header filled: subject, oracle, path, load, expect differ KIND
  oracles::Verdict verdict;             // of the minimal case
  std::vector<engine::Schema> schemas;  // of the operators called, each once
  std::vector<std::string> left_trace, right_trace;  // a line for each dispatched call
  Origin origin;
  std::string known;               // name of the known entry that covers it, or empty
  std::string repro_py_absent;     // why there is no repro.py, or empty
  std::string repro_cpp_absent;    // why there is no repro.cpp, or empty
  bool repro_py_verified = false;  // repro.py was run, and did what it promises
  int candidates_tried = 0;
  bool repeats = false;       // a finding with the same fingerprint was confirmed before
  std::string directory;      // from which read_finding read it; not part of the finding
  std::vector<Finding> also;  // other findings on the same mistake (mistakes.h), each in its own folder

  // A run of an author's operators may meet defects of the library itself, which are not the author's.
  bool is_foreign() const { return origin.of_author && owner == Owner::library; }
  bool is_new() const { return known.empty() && !is_foreign(); }
};

// Writes the finding and its reproducers, and replaces the directory atomically. Throws
// engine::EnvironmentError if the system refuses a write, and leaves no unfinished directory.
void write_finding(const Finding& finding, const std::string& directory);
// The schema of one of the operators called, or nullptr.
const engine::Schema* schema_of(const Finding& finding, const std::string& qualified);

// Replaces finding.json alone, atomically.
void update_finding(const Finding& finding, const std::string& directory);
Finding read_finding(const std::string& directory);  // with those in also/; throws InputError
// One of each mistake, with the others in `also`; in report order.
std::vector<Finding> read_findings(const std::string& out_directory);
// The folders of all findings, also of those in also/ of another one; sorted.
std::vector<std::string> finding_folders(const std::string& out_directory);

// By group, then operator.
bool in_report_order(const Finding& a, const Finding& b);

// Calls `visit` with the finding and each in `also`.
template <class AnyFinding, class Visit>
  requires std::same_as<const AnyFinding, const Finding>
void for_each_finding(AnyFinding& finding, Visit&& visit) {
  visit(finding);
  for (auto& other : finding.also) visit(other);
}

}  // namespace reports
