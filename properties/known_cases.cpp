// Known entries: a smallest case of corpora/known/cases shows, on the versions that its entry is for, a
// finding that the entry covers. When a new version no longer has a cause, its entry fails here. PyTorch's
// Meta kernels in Python are not here: cli/python/tests/test_known.py replays the cases that need them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "engine/core/address_sanitizer.h"
#include "oracles/isolation/isolated.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "properties/case_supplies.h"
#include "reports/files.h"
#include "reports/investigate.h"
#include "reports/version_range.h"

namespace properties {
namespace {

const std::string known_folder = FAULTLINE_SOURCE_DIR "/corpora/known";

struct Replayed {
  std::string shows, covered_by;
  bool left_to_python = false;
};

// Investigates the case as a run does, with one entry.
Replayed replayed(const reports::KnownEntry& entry, const std::string& file, oracles::Subject& subject,
                  oracles::Isolated& isolated) {
  const corpora::Case c = corpora::parse_case(reports::read_text(file), file);
  const oracles::Verdict verdict = isolated.check(c, c.header.oracle, true);
  if (!verdict.is_detection()) {
    const auto says = [&](const char* words) { return verdict.why.find(words) != std::string::npos; };
    // PyTorch registers some operators when Python imports it.
    const bool in_python = says("`python3 -m faultline` judges it") ||
                           (c.header.oracle == "fake" && says("the subject has no operator"));
    return {fmt::format("{}: {}", name_of(verdict.judgement), verdict.why), "", in_python};
  }
  const oracles::Oracle& oracle = *oracles::find_oracle(c.header.oracle);
  reports::Origin origin;
  origin.subject_version = subject.version();
  const auto detection = reports::detection_of(c, subject, oracle, verdict, origin);
  const auto known = reports::KnownEntries::of({entry});
  std::string why;
  const auto finding = reports::investigate(detection, subject, isolated, known, {}, why);
  if (!finding) return {why, ""};
  return {std::string(name_of(finding->signature.kind)), finding->known};
}

// Replays the entry's cases until one shows it. A write outside of a tensor crashes or not, as the memory
// there is used: five tries.
Replayed replayed(const reports::KnownEntry& entry, oracles::Subject& subject, oracles::Isolated& isolated) {
  Replayed last;
  for (int tried = 0; tried < 5; ++tried)
    for (const std::string& name : entry.cases) {
      const std::string file = known_folder + "/cases/" + name;
      last = replayed(entry, file, subject, isolated);
      if (last.covered_by == entry.name || last.left_to_python) return last;
      last.shows = fmt::format("{} shows {}", file, last.shows);
    }
  return last;
}

bool dies_by_signal(const reports::KnownEntry& entry) {
  return std::ranges::any_of(entry.requires_features,
                             [](const std::string& feature) { return feature.starts_with("signal:"); });
}

TEST(KnownEntries, SmallestCaseShowsItsCause) {
  if (!has_torch()) GTEST_SKIP() << "no torch plug-in";
  const auto subject = oracles::make_subject("torch", {});
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = 1;
  oracles::Isolated isolated(*subject, limits);
  int replays = 0;
  const auto shipped = reports::KnownEntries::read({known_folder});
  for (const reports::KnownEntry& entry : shipped.entries()) {
    if (engine::has_address_sanitizer && dies_by_signal(entry)) continue;  // it ends such a process first
    if (entry.cases.empty() || !reports::in_range(subject->version(), entry.versions)) continue;
    const Replayed result = replayed(entry, *subject, isolated);
    if (result.left_to_python) continue;
    EXPECT_EQ(result.covered_by, entry.name) << result.shows;
    ++replays;
  }
  EXPECT_GT(replays, 0) << "no entry is for version " << subject->version();
}

}  // namespace
}  // namespace properties
