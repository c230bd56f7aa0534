// faultline run: a campaign. Exit status 1 if it has findings that no known entry explains.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/command.h"
#include "cli/known_flag.h"
#include "cli/number_checks.h"
#include "cli/output.h"
#include "cli/subject_choice.h"
#include "corpora/case/catalog.h"
#include "corpora/case/program.h"
#include "corpora/domains/domains.h"
#include "engine/core/input_error.h"
#include "fuzz/campaign/campaign.h"
#include "oracles/oracle.h"
#include "reports/writers.h"

namespace cli {
namespace {

struct RunFlags {
  SubjectChoice choice;
  std::vector<std::string> ops;
  std::vector<std::string> oracles;
  KnownFlag known;
  std::string plant;
  fuzz::CampaignOptions campaign;
  bool json = false;
};

std::vector<size_t> operators_beyond(const corpora::Catalog& catalog,
                                     const std::vector<std::string>& before) {
  std::vector<size_t> chosen;
  for (size_t i = 0; i < catalog.operators().size(); ++i)
    if (!std::binary_search(before.begin(), before.end(), catalog.operators()[i].name)) chosen.push_back(i);
  return chosen;
}

// Those that the patterns select. Dispatch programs belong to no operator. Without patterns they are drawn
// when their oracle is selected, and nothing else is drawn when it is the only one. They alone test the
// dispatcher itself, and they are cheap: each round draws ten of them and one case of each operator.
std::vector<size_t> operators_for(const corpora::Catalog& catalog, const std::vector<std::string>& patterns,
                                  const std::vector<const oracles::Oracle*>& oracles) {
  const auto of_programs = [](const oracles::Oracle* oracle) { return oracle->of_programs; };
  const auto& all = catalog.operators();
  const corpora::Operator* programs = catalog.find(corpora::program_operator);
  const bool only_programs = std::ranges::all_of(oracles, of_programs);
  if (only_programs && !programs)
    throw engine::InputError("--oracles", "the subject runs no dispatch programs");
  if (only_programs && !patterns.empty())
    throw engine::InputError("--oracles",
                             "dispatch judges programs of registrations, not operators: leave out --ops");
  std::vector<size_t> chosen;
  if (!patterns.empty() || !only_programs) chosen = corpora::select(catalog, patterns);
  if (patterns.empty() && programs && std::ranges::any_of(oracles, of_programs))
    chosen.insert(chosen.end(), 10, static_cast<size_t>(programs - all.data()));
  return chosen;
}

// Builds the subject and decides which of its operators are drawn: those of --plant, of --ops, of the loaded
// libraries, or all.
std::unique_ptr<oracles::Subject> prepare_subject(RunFlags& flags) {
  SubjectChoice& choice = flags.choice;
  if (!flags.plant.empty()) {
    const oracles::Planted& planted = oracles::planted_named(flags.plant);
    if (planted.subject == "engine") {
      choice.subject = planted.subject;
      choice.plant = planted.name;
    } else {
      choice.load.push_back(oracles::planted_library());
    }
    auto subject = choice.make();
    flags.campaign.operators = oracles::operators_of(planted, subject->catalog());
    return subject;
  }
  const auto patterns = split_commas(flags.ops);
  if (patterns.empty() && !flags.ops.empty())
    throw engine::InputError("--ops", "no pattern is given; `faultline list ops` shows what one can match");
  const bool only_loaded = !choice.load.empty() && flags.ops.empty();
  std::vector<std::string> before;
  if (only_loaded) before = choice.operators_without_load();
  auto subject = choice.make();
  if (only_loaded) flags.campaign.operators = operators_beyond(subject->catalog(), before);
  if (only_loaded && flags.campaign.operators.empty())
    throw engine::InputError(
        "--load", fmt::format("{}: no operator is registered; name with --ops the operators to draw",
                              fmt::join(choice.load, ", ")));
  if (flags.campaign.operators.empty())
    flags.campaign.operators = operators_for(subject->catalog(), patterns, flags.campaign.oracles);
  return subject;
}

// Identifies the run: all that decides which cases are drawn and how they are judged.
std::string options_text(const RunFlags& flags) {
  std::string oracles;
  for (const auto* oracle : flags.campaign.oracles) oracles += fmt::format(" {}", oracle->name);
  const std::string ops = flags.plant.empty() ? fmt::format("{}", fmt::join(split_commas(flags.ops), ","))
                                              : "planted::" + flags.plant;
  return fmt::format("ops={} oracles={} device={} load={} memory={} timeout={}", ops, oracles.substr(1),
                     flags.choice.device, fmt::join(flags.campaign.load, ","), flags.choice.memory_mib,
                     flags.campaign.timeout_seconds);
}

std::vector<const oracles::Oracle*> oracles_for(const RunFlags& flags) {
  const auto names = split_commas(flags.oracles);
  if (names.empty() && !flags.oracles.empty())
    throw engine::InputError("--oracles", "no name is given; `faultline list oracles` shows all");
  return oracles::select_oracles(names.empty() ? "all" : fmt::format("{}", fmt::join(names, ",")));
}

void refuse_foreign_oracles(const RunFlags& flags, const oracles::Subject& subject) {
  if (std::ranges::any_of(flags.campaign.oracles, [&](const oracles::Oracle* oracle) {
        return oracles::judges_subject(*oracle, subject.name());
      }))
    return;
  throw engine::InputError("--oracles",
                           fmt::format("{} judges no case of {}; `faultline list oracles --json` shows "
                                       "which oracle judges which subject",
                                       flags.campaign.oracles.front()->name, subject.name()));
}

void print_results(const RunFlags& flags) {
  if (flags.json)
    reports::print_summary_json(flags.campaign.out, stdout);
  else
    reports::print_console(flags.campaign.out, stdout);
}

int run(RunFlags flags) {
  flags.campaign.oracles = oracles_for(flags);
  if (flags.campaign.cases == 0 && flags.campaign.seconds <= 0) flags.campaign.seconds = 60;
  const auto known = flags.known.read();
  const auto subject = prepare_subject(flags);
  refuse_foreign_oracles(flags, *subject);
  for (const oracles::Oracle* oracle : flags.campaign.oracles)
    if (oracle->asks_peer && oracles::judges_subject(*oracle, subject->name()))
      if (const std::string why = subject->no_peer(); !why.empty())
        fmt::print(stderr, "faultline: oracle {} is not run: {}\n", oracle->name, why);
  flags.campaign.load = flags.choice.loaded_paths();
  flags.campaign.plant = flags.choice.plant;
  flags.campaign.memory_mib = flags.choice.memory_mib;
  flags.campaign.options_text = options_text(flags);
  const auto result = fuzz::run_campaign(*subject, subject->domains(), known, flags.campaign);
  print_results(flags);
  return result.new_findings > 0 ? status_findings : status_ok;
}

}  // namespace

Command run_command(CLI::App& root) {
  auto* app = root.add_subcommand("run", "draw cases, judge them with every oracle, write findings");
  auto flags = std::make_shared<RunFlags>();
  flags->campaign.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  flags->choice.add_to(*app);
  auto* ops =
      add_repeatable(*app, "--ops", flags->ops, "operators, as globs with commas; 'add' means 'aten::add*'");
  add_repeatable(*app, "--oracles", flags->oracles, "oracles, with commas (default: all)");
  auto* cases = app->add_option("--cases", flags->campaign.cases, "how many cases to draw")->check(a_count());
  app->add_option("--time", flags->campaign.seconds, "seconds to draw for (default: 60)")
      ->check(a_duration())
      ->excludes(cases);
  app->add_option("--seed", flags->campaign.rng_seed, "the seed of all choices")
      ->check(a_seed())
      ->capture_default_str();
  app->add_option("--jobs", flags->campaign.jobs, "worker processes")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app->add_option("--out", flags->campaign.out, "the folder that findings are written into")
      ->check(an_output_folder())
      ->capture_default_str();
  flags->known.add_to(*app);
  app->add_option("--plant", flags->plant, "run one planted bug only; see 'faultline list planted'")
      ->excludes(ops);
  app->add_option("--timeout", flags->campaign.timeout_seconds, "CPU seconds that one check may take")
      ->check(a_duration())
      ->capture_default_str();
  app->add_flag("--fail-fast", flags->campaign.fail_fast, "end at the first detection");
  app->add_flag("--json", flags->json, "print summary.json instead of text");
  return {app, [flags] { return run(*flags); }};
}

}  // namespace cli
