// faultline minimize: the smallest case found with the same signature, on standard output.
#include <fmt/format.h>

#include <memory>

#include "cli/case_subject.h"
#include "cli/command.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "reports/investigate.h"

namespace cli {
namespace {

int minimize(CaseSubject& subjects, const std::string& file) {
  const corpora::Case c = open_case(file);
  oracles::Subject& subject = subjects.of(c, file);
  const oracles::Oracle& oracle = oracle_of(c, file);
  oracles::Isolated isolated(subject, subjects.limits());
  const oracles::Verdict verdict = isolated.check(c, oracle, true);
  if (!verdict.is_detection())
    throw engine::InputError(file, fmt::format("nothing to minimise: the verdict of {} is {}", oracle.name,
                                               oracles::name_of(verdict.judgement)));
  reports::Detection detection{
      c,
      {std::string(subject.name()), std::string(oracle.name), verdict.divergence.op, verdict.divergence.kind},
      {}};
  detection.raw.header.path = verdict.right;
  detection.origin.load = subjects.libraries_of(c);
  detection.origin.tolerances = subjects.tolerances_of(c);
  detection.origin.plant = c.header.plant;
  std::string why;
  const auto finding = reports::investigate(detection, subject, isolated, {}, {}, why);
  if (!finding) throw engine::InputError(file, "the divergence does not show again: " + why);
  fmt::print(stderr, "faultline: {} candidates tried\n", finding->candidates_tried);
  fmt::print("{}", corpora::to_text(finding->minimal));
  return status_ok;
}

}  // namespace

Command minimize_command(CLI::App& root) {
  auto* app = root.add_subcommand("minimize", "print the smallest case found that fails in the same way");
  auto file = std::make_shared<std::string>();
  auto subjects = std::make_shared<CaseSubject>();
  app->add_option("FILE", *file, "a .case file whose header names an oracle")->type_name("")->required();
  subjects->add_to(*app);
  return {app, [=] { return minimize(*subjects, *file); }};
}

}  // namespace cli
