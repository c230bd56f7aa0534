#include "fuzz/targets/driver/findings.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "corpora/case/text.h"
#include "fuzz/targets/driver/bench.h"
#include "fuzz/targets/driver/target.h"
#include "reports/investigate.h"

namespace fuzz {

void keep_case(const corpora::Case& c, const std::string& name, const std::string& what) {
  const std::string file = settings().artifact_prefix + "finding-" + name + ".case";
  std::ofstream to(file);
  to << "# " << what << "\n" << corpora::to_text(c);
  to.close();
  fmt::print(stderr, "finding: {}; {} {}\n", what, to ? "its case is in" : "its case cannot be written to",
             file);
  std::fflush(stderr);
}

Findings::Findings(oracles::Subject& subject, OnNew on_new, std::vector<std::string> load)
    : subject_(subject),
      on_new_(on_new),
      load_(std::move(load)),
      isolated_(subject, child_limits()),
      known_(reports::KnownEntries::read({reports::installed_known()})) {}

void Findings::note(const corpora::Case& c, const oracles::Oracle& oracle, const oracles::Verdict& verdict) {
  if (!verdict.is_detection()) return;
  reports::Origin origin;
  origin.subject_version = subject_.version();
  origin.load = load_;
  const reports::Detection detection = reports::detection_of(c, subject_, oracle, verdict, origin);
  const std::string signature = oracles::to_string(detection.signature);
  if (!seen_.insert(signature).second) return;
  if (on_new_ == OnNew::aborts) return investigate(detection);
  keep_case(detection.raw, fmt::format("{:016x}", XXH3_64bits(signature.data(), signature.size())),
            signature);
}

void Findings::investigate(const reports::Detection& detection) {
  const std::string signature = oracles::to_string(detection.signature);
  std::string why;
  const auto finding = reports::investigate(detection, subject_, isolated_, known_, {}, why);
  if (finding && !finding->known.empty()) {
    fmt::print(stderr, "known: {}, by {}\n", signature, finding->known);
    return;
  }
  if (finding)
    keep_case(finding->minimal, finding->fingerprint, signature);
  else  // it depends on the cases before it in this process
    keep_case(detection.raw, "unconfirmed", signature + "; " + why);
  std::abort();
}

}  // namespace fuzz
