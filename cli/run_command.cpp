// faultline run: a campaign. Exit status 1 if it has findings that no known entry explains.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>

#include "cli/author_flags.h"
#include "cli/command.h"
#include "cli/flags.h"
#include "cli/known_flag.h"
#include "cli/subject_choice.h"
#include "corpora/case/catalog.h"
#include "corpora/case/program.h"
#include "corpora/domains/domains.h"
#include "engine/core/address_sanitizer.h"
#include "engine/core/input_error.h"
#include "fuzz/campaign/campaign.h"
#include "oracles/default_oracles.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "oracles/subjects/host.h"
#include "reports/files.h"
#include "reports/writers.h"

namespace cli {
namespace {

struct RunFlags {
  SubjectChoice choice;
  std::vector<std::string> modules;  // in Python
  AuthorFlags author;
  std::vector<std::string> ops;
  std::vector<std::string> oracles;
  KnownFlag known;
  std::string plant;
  fuzz::CampaignOptions campaign;
  std::optional<uint64_t> far_sizes;
  bool json = false;
};

std::vector<size_t> operators_beyond(const corpora::Catalog& catalog,
                                     const std::vector<std::string>& before) {
  const auto is_loaded = [&](const std::string& name) {
    if (std::ranges::binary_search(before, name)) return false;
    return !oracles::host() || !oracles::host()->is_of_library(name);
  };
  std::vector<size_t> chosen;
  for (size_t i = 0; i < catalog.operators().size(); ++i)
    if (is_loaded(catalog.operators()[i].name)) chosen.push_back(i);
  return chosen;
}

// The operators that the patterns select. Without patterns, dispatch programs are drawn too if their oracle
// is selected, and nothing else if it is the only one. Only they test the dispatcher itself, and they are
// cheap, so each round draws ten of them and one case of each operator.
std::vector<size_t> operators_for(const corpora::Catalog& catalog, const std::vector<std::string>& patterns,
                                  const std::vector<const oracles::Oracle*>& oracles) {
  const auto of_programs = [](const oracles::Oracle* oracle) { return oracle->of_programs; };
  const auto& all = catalog.operators();
  const corpora::Operator* programs = catalog.find(corpora::program_operator);
  const bool only_programs = std::ranges::all_of(oracles, of_programs);
  if (only_programs && !programs)
    throw engine::InputError("--oracles",
                             "this subject cannot run dispatch programs, which the oracle dispatch judges");
  if (only_programs && !patterns.empty())
    throw engine::InputError("--oracles",
                             "dispatch judges dispatch programs, not operators; leave out --ops");
  std::vector<size_t> chosen;
  if (!patterns.empty() || !only_programs) chosen = corpora::select(catalog, patterns);
  if (patterns.empty() && programs && std::ranges::any_of(oracles, of_programs))
    chosen.insert(chosen.end(), 10, static_cast<size_t>(programs - all.data()));
  return chosen;
}

// Builds the subject and decides which of its operators are drawn: of --plant, --ops, --load, or all.
std::unique_ptr<oracles::Subject> prepare_subject(RunFlags& flags) {
  SubjectChoice& choice = flags.choice;
  if (!flags.plant.empty()) {
    const oracles::Planted& planted = oracles::planted_named(flags.plant);
    choice.subject = planted.subject;
    if (planted.device != "cpu") choice.device = planted.device;
    if (planted.subject == "engine")
      choice.plant = planted.name;
    else
      choice.load.push_back(oracles::planted_library());
    auto subject = choice.make();
    flags.campaign.operators = oracles::operators_of(planted, subject->catalog());
    return subject;
  }
  const auto patterns = split_commas(flags.ops);
  if (patterns.empty() && !flags.ops.empty())
    throw engine::InputError("--ops", "no pattern is given; `faultline list ops` shows all operators");
  const bool only_loaded = !choice.load.empty() && flags.ops.empty();
  std::vector<std::string> before;
  if (only_loaded) before = choice.operators_without_load();
  auto subject = choice.make();
  if (only_loaded) flags.campaign.operators = operators_beyond(subject->catalog(), before);
  if (only_loaded && flags.campaign.operators.empty())
    throw engine::InputError("--load", fmt::format("{} registers no operator; choose operators with --ops",
                                                   fmt::join(choice.load, ", ")));
  if (flags.campaign.operators.empty())
    flags.campaign.operators = operators_for(subject->catalog(), patterns, flags.campaign.oracles);
  return subject;
}

// What decides which cases are drawn and how they are judged.
std::string options_text(const RunFlags& flags) {
  std::string oracles;
  for (const auto* oracle : flags.campaign.oracles) oracles += fmt::format(" {}", oracle->name);
  const std::string ops = flags.plant.empty() ? fmt::format("{}", fmt::join(split_commas(flags.ops), ","))
                                              : "planted::" + flags.plant;
  return fmt::format("ops={} oracles={} device={} load={} memory={} timeout={} far-sizes={}", ops,
                     oracles.substr(1), flags.choice.device, fmt::join(flags.campaign.load, ","),
                     flags.choice.memory_mib, flags.campaign.timeout_seconds, flags.campaign.far_sizes_share);
}

// The contents of the author's files.
std::string knowledge_text(const RunFlags& flags, const corpora::Samples& samples) {
  std::string text;
  for (const auto* files : {&flags.author.domains, &flags.choice.tolerances})
    for (const std::string& file : *files) text += reports::read_text(file);
  return text + samples.text();
}

std::vector<const oracles::Oracle*> oracles_for(const RunFlags& flags) {
  const auto names = split_commas(flags.oracles);
  if (names.empty() && !flags.oracles.empty())
    throw engine::InputError("--oracles", "no name is given; `faultline list oracles` shows all");
  if (!names.empty()) return oracles::select_oracles(fmt::format("{}", fmt::join(names, ",")));
  return flags.plant.empty() ? oracles::default_oracles(flags.choice.subject)
                             : oracles::select_oracles("all");
}

void refuse_foreign_oracles(const RunFlags& flags, const oracles::Subject& subject) {
  for (const oracles::Oracle* oracle : flags.campaign.oracles)
    if (oracles::judges_subject(*oracle, subject.name())) return;
  throw engine::InputError(
      "--oracles",
      fmt::format("{} does not judge {}; `faultline list oracles --json` shows which oracle does",
                  flags.campaign.oracles.front()->name, subject.name()));
}

int run(RunFlags flags) {
  flags.campaign.oracles = oracles_for(flags);
  for (const std::string& module : flags.modules) flags.choice.load.push_back("python:" + module);
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
  flags.campaign.tolerances = flags.choice.tolerances_paths();
  flags.campaign.memory_mib = flags.choice.memory_mib;
  constexpr uint64_t share_of_pytorch = 2048;  // a case takes 50 ms, mostly of visiting all elements
  // AddressSanitizer ends a process that requests more memory than it has; elsewhere that is an exception.
  const bool draws_far_sizes = subject->name() == "torch" && !engine::has_address_sanitizer;
  flags.campaign.far_sizes_share = flags.far_sizes.value_or(draws_far_sizes ? share_of_pytorch : 0);
  flags.campaign.options_text = options_text(flags);
  const corpora::Domains domains = flags.author.domains_for(*subject);
  const corpora::Samples samples = flags.author.samples_for(*subject, flags.campaign.operators);
  flags.campaign.samples = samples.cases().empty() ? nullptr : &samples;
  flags.campaign.knowledge = knowledge_text(flags, samples);
  const auto result = fuzz::run_campaign(*subject, domains, known, flags.campaign);
  if (flags.json)
    fmt::print("{}", reports::read_text(flags.campaign.out + "/summary.json"));
  else
    reports::print_console(flags.campaign.out, stdout);
  return result.new_findings > 0 ? status_findings : status_ok;
}

}  // namespace

Command run_command(CLI::App& root) {
  auto* app = root.add_subcommand("run", "draw cases, judge them with oracles, and write findings");
  auto flags = std::make_shared<RunFlags>();
  flags->campaign.jobs = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  flags->choice.add_to(*app);
  if (oracles::host())
    app->add_option("MODULE", flags->modules,
                    "Python modules that register operators, as `import` takes them")
        ->type_name("");
  flags->author.add_to(*app);
  add_tolerances(*app, flags->choice.tolerances);
  auto* ops = add_repeatable(*app, "--ops", flags->ops, "GLOBS",
                             "with commas; 'add' means 'aten::add*' (default: all)");
  add_repeatable(*app, "--oracles", flags->oracles, "NAMES", "with commas (default: all)");
  auto* cases = app->add_option("--cases", flags->campaign.cases, "how many cases to draw, instead of --time")
                    ->type_name("N")
                    ->check(a_count());
  app->add_option("--time", flags->campaign.seconds, "how long to draw cases (default: 60)")
      ->type_name("SECONDS")
      ->check(a_duration())
      ->excludes(cases);
  app->add_option("--seed", flags->campaign.rng_seed, "the same seed and --cases always draw the same cases")
      ->type_name("N")
      ->check(a_seed())
      ->capture_default_str();
  app->add_option("--jobs", flags->campaign.jobs, "how many processes judge cases")
      ->type_name("N")
      ->check(a_number_of_jobs())
      ->capture_default_str();
  app->add_option(
         "--out", flags->campaign.out,
         "the folder for findings and counts (reports/README.md says what it holds); a second run adds to it")
      ->type_name("DIR")
      ->check(an_output_folder())
      ->capture_default_str();
  flags->known.add_to(*app);
  app->add_option("--plant", flags->plant,
                  "put a planted bug into its subject; `faultline list planted` shows all")
      ->type_name("NAME")
      ->excludes(ops);
  app->add_option("--timeout", flags->campaign.timeout_seconds, "CPU time that one check may take")
      ->type_name("SECONDS")
      ->check(a_duration())
      ->capture_default_str();
  app->add_option(
         "--far-sizes", flags->far_sizes,
         "one case in N has an input that is expanded to 2^31 elements and more; 0: none (default: 2048 of "
         "PyTorch, 0 of the engine and in sanitizer builds)")
      ->type_name("N");
  app->add_flag("--fail-fast", flags->campaign.fail_fast, "stop at the first detection");
  app->add_flag("--json", flags->json, "print summary.json instead of text");
  return {app, [flags] { return run(*flags); }};
}

}  // namespace cli
