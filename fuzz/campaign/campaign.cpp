#include "fuzz/campaign/campaign.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "corpora/case/draw.h"
#include "corpora/case/samples.h"
#include "corpora/case/vary.h"
#include "corpora/domains/domains.h"
#include "fuzz/campaign/crew.h"
#include "fuzz/campaign/finaliser.h"
#include "fuzz/campaign/gather.h"
#include "fuzz/campaign/pending.h"
#include "fuzz/campaign/run_record.h"
#include "fuzz/campaign/summary.h"
#include "reports/files.h"
#include "reports/verify_reproducers.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

constexpr double kCheckpointSeconds = 10;

std::string build_text() {
#if defined(__clang__)
  return fmt::format("clang {}", __clang_version__);
#else
  return fmt::format("g++ {}", __VERSION__);
#endif
}

reports::Origin origin_of(const oracles::Subject& subject, const CampaignOptions& options) {
  reports::Origin origin;
  origin.rng_seed = options.rng_seed;
  origin.subject_version = subject.version();
  origin.faultline_version = FAULTLINE_VERSION;
  origin.build = build_text();
  origin.device = subject.device();
  origin.load = options.load;
  origin.tolerances = options.tolerances;
  origin.plant = options.plant;
  origin.toolchain = subject.toolchain();
  origin.of_author = std::ranges::any_of(
      options.operators, [&](size_t index) { return subject.catalog().operators().at(index).by_author; });
  return origin;
}

// With fail_fast, workers may have judged cases after the first detection, which are not part of the result.
void forget_detections_from(const OutDirectory& out, const std::string& key, uint64_t end) {
  for (const Pending& pending : read_pending(out)) {
    if (pending.run != key || pending.detection.origin.index < end) continue;
    std::error_code ignored;
    fs::remove_all(out.pending() / pending.name, ignored);
  }
}

// Known entries may have been added or removed since a finding was written.
void refresh_known(const reports::KnownEntries& known, std::vector<reports::Finding>& findings) {
  const auto refresh = [&](reports::Finding& finding) {
    const reports::KnownEntry* entry = known.match(finding);
    const std::string name = entry ? entry->name : "";
    if (name == finding.known) return;
    finding.known = name;
    reports::update_finding(finding, finding.directory);
  };
  for (reports::Finding& finding : findings) reports::for_each_finding(finding, refresh);
}

// The fingerprints whose reproducers have been run are listed on disk, because a killed run may have written
// findings without running their reproducers.
void verify_new_reproducers(OutDirectory& out, Progress& progress, const Interrupt& interrupt,
                            const CampaignSteps& steps) {
  const fs::path list = out.path() / ".verified";
  const auto lines = reports::lines_of(read_text(list));
  const std::set<std::string> verified(lines.begin(), lines.end());
  std::vector<std::string> directories;
  std::string text;
  for (const fs::path folder : reports::finding_folders(out.path())) {
    const std::string fingerprint = folder.filename();
    text += fingerprint + "\n";
    if (!verified.contains(fingerprint)) directories.push_back(folder);
  }
  if (directories.empty()) return;
  std::ranges::sort(directories);
  progress.say("running the Python reproducers of new findings");
  const auto ran = [&](size_t done, size_t all) {
    progress.show_reproducers(done, all);
    return !interrupt.requested();
  };
  if (const std::string missing = steps.verify(directories, ran); !missing.empty())
    return progress.say(missing);
  out.write_file(list, text);
}

// Of this process and the workers that have ended.
double cpu_seconds() {
  double sum = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used{};
    getrusage(who, &used);
    for (const timeval& time : {used.ru_utime, used.ru_stime})
      sum += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  }
  return sum;
}

size_t count_entries(const fs::path& directory) {
  std::error_code absent;
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory, absent)) ++count;
  return count;
}

class Campaign {
 public:
  Campaign(oracles::Subject& subject, const CampaignSteps& steps, const reports::KnownEntries& known,
           const CampaignOptions& options)
      : out_(options.out),
        progress_(options.progress),
        record_(
            record_of(std::string(subject.name()), subject.version(), names_of(subject, options), options)),
        run_{subject,
             steps,
             known,
             options,
             out_,
             record_.key,
             origin_of(subject, options),
             CaseOrder(subject.catalog(), options.operators, options.rng_seed, of_samples(subject, options)),
             {},
             {}} {
    rename_other_runs(out_, record_.key);
    for (const size_t index : options.operators) {
      const std::string& name = subject.catalog().operators().at(index).name;
      missing_.try_emplace(name, oracles::gaps_of(subject, name));
    }
  }

  CampaignResult run() {
    oracles::gather_heap();
    judge_cases();
    oracles::gather_heap();
    CampaignResult result;
    const std::set<std::string> found = investigate_pending(run_, progress_, interrupt_);
    std::vector<reports::Finding> findings = reports::read_findings(out_.path());
    refresh_known(run_.known, findings);
    gather_mistakes(run_, std::move(findings), progress_, interrupt_);
    record_.seconds = progress_.seconds();
    write_record(out_, record_);
    write_totals();  // running the reproducers takes long; a kill during that leaves a summary
    if (!interrupt_.requested()) verify_new_reproducers(out_, progress_, interrupt_, run_.steps);
    record_.seconds = progress_.seconds();
    write_record(out_, record_);
    const Totals totals = write_totals();
    for (const reports::Finding& finding : totals.findings) {
      bool is_found = false;
      reports::for_each_finding(
          finding, [&](const reports::Finding& part) { is_found |= found.contains(part.fingerprint); });
      if (!is_found) continue;
      ++result.findings;
      result.new_findings += finding.is_new();
    }
    result.cases = record_.tally.cases;
    result.checks = record_.tally.total().checks();
    result.interrupted = interrupt_.requested();
    return result;
  }

 private:
  static std::vector<std::string> names_of(const oracles::Subject& subject, const CampaignOptions& options) {
    std::vector<std::string> names;
    for (const size_t index : options.operators)
      names.push_back(subject.catalog().operators().at(index).name);
    return names;
  }

  static std::vector<const corpora::Operator*> of_samples(const oracles::Subject& subject,
                                                          const CampaignOptions& options) {
    std::vector<const corpora::Operator*> operators;
    if (options.samples)
      for (const corpora::Case& c : options.samples->cases())
        operators.push_back(subject.catalog().find(c.calls.back().op));
    return operators;
  }

  void judge_cases() {
    double written = 0;
    const auto checkpoint = [&](const reports::Tally& prefix) {
      if (progress_.seconds() - written < kCheckpointSeconds) return;
      written = progress_.seconds();
      record_.tally = with_gaps(prefix);
      record_.seconds = written;
      write_record(out_, record_);
    };
    const double cpu_before = cpu_seconds(), began = progress_.seconds();
    Crew crew(run_, progress_, interrupt_, checkpoint);
    record_.tally = with_gaps(crew.run());
    keep_unwritten(crew.declared_writes());
    const uint64_t checks = record_.tally.total().checks();
    const double cpu = cpu_seconds() - cpu_before;
    progress_.say(
        fmt::format("drew {} cases, {} checks in {:.1f} s ({:.1f} s of CPU): {:.0f} checks per CPU second",
                    record_.tally.cases, checks, progress_.seconds() - began, cpu,
                    static_cast<double>(checks) / std::max(cpu, 1e-3)));
    if (run_.options.fail_fast) forget_detections_from(out_, record_.key, record_.tally.cases);
  }

  reports::Tally with_gaps(reports::Tally tally) const {
    for (auto& [name, of_op] : tally.operators)
      if (const auto known = missing_.find(name); known != missing_.end()) of_op.missing = known->second;
    return tally;
  }

  // What only the whole run shows is a detection like that of one case.
  void keep_unwritten(const oracles::DeclaredWrites& writes) {
    const oracles::Oracle* oracle = oracles::find_oracle("schema");
    if (std::ranges::find(run_.options.oracles, oracle) == run_.options.oracles.end()) return;
    for (const auto& unwritten : writes.never_written()) {
      keep_detection_of_run(run_, unwritten.indices, *oracle, oracles::verdict_of(unwritten));
      auto& counts = record_.tally.operators[unwritten.op].oracles[std::string(oracle->name)];
      ++counts.judgements[static_cast<size_t>(oracles::Judgement::differ)];
    }
  }

  Totals write_totals() {
    Totals totals{read_records(out_), reports::read_findings(out_.path()), count_entries(out_.unconfirmed())};
    out_.write_file(out_.path() / "coverage.json", coverage_json(totals));
    out_.write_file(out_.path() / "summary.json", summary_json(totals));
    return totals;
  }

  OutDirectory out_;
  Progress progress_;
  Interrupt interrupt_;
  RunRecord record_;
  Run run_;
  std::map<std::string, std::vector<oracles::OperatorGap>> missing_;  // by operator
};

}  // namespace

CampaignResult run_campaign(oracles::Subject& subject, const CampaignSteps& steps,
                            const reports::KnownEntries& known, const CampaignOptions& options) {
  return Campaign(subject, steps, known, options).run();
}

CampaignResult run_campaign(oracles::Subject& subject, const corpora::Domains& domains,
                            const reports::KnownEntries& known, const CampaignOptions& options) {
  // Looked up once here: workers are forked for each chunk and would each look up again.
  for (const size_t index : options.operators) domains.of(subject.catalog().operators()[index]);
  corpora::DrawLimits limits;
  for (const size_t index : options.operators)
    if (subject.catalog().operators()[index].by_author) limits.before.push_back(index);
  const corpora::Supply supply{subject.catalog(), domains, options.operators, limits};
  const auto draw = [&](const corpora::Operator& op, corpora::ChoiceSource& choices) {
    if (options.samples)
      if (const auto samples = options.samples->of(op.name); !samples.empty() && choices.chance(1, 2))
        return corpora::vary(samples, supply, choices);
    return corpora::draw(subject.catalog(), op, domains, choices, limits);
  };
  const auto approach = [&](const corpora::Attempts& attempts, corpora::ChoiceSource& choices) {
    return corpora::approach(attempts, supply, choices);
  };
  return run_campaign(subject, {draw, reports::investigate, reports::verify_reproducers, approach}, known,
                      options);
}

}  // namespace fuzz
