#include "reports/investigate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "corpora/case/text.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/relations/rewrite.h"
#include "oracles/trial/trial.h"
#include "reports/counterfactual.h"
#include "reports/features.h"
#include "reports/fingerprint.h"
#include "reports/minimiser.h"

namespace reports {
namespace {

using corpora::Case;
using oracles::Verdict;

// The number of candidates. Each death costs a process, each timeout also its whole time.
int budget_of(oracles::Kind kind) {
  switch (kind) {
    case oracles::Kind::timeout:
      return 3;
    case oracles::Kind::crash:
    case oracles::Kind::memory:
      return 120;
    default:
      return 400;
  }
}

bool shows(const Verdict& verdict, const oracles::Signature& signature) {
  return verdict.is_detection() && verdict.divergence.kind == signature.kind &&
         verdict.divergence.op == signature.op;
}

std::string text_of(const Verdict& verdict) {
  if (!verdict.is_detection())
    return fmt::format("{}{}{}", oracles::name_of(verdict.judgement), verdict.why.empty() ? "" : ": ",
                       verdict.why);
  return fmt::format("{} in {} at {}", oracles::name_of(verdict.divergence.kind), verdict.divergence.op,
                     oracles::to_text(verdict.divergence.place));
}

bool is_death(oracles::Kind kind) {
  return kind == oracles::Kind::crash || kind == oracles::Kind::timeout || kind == oracles::Kind::memory;
}

// Whether cases show the signature of one detection.
struct Inquiry {
  const oracles::Signature& signature;
  oracles::Isolated& isolated;
  bool direct_died = false;  // if a side dies, it must stay the same side
  Verdict shown = {};        // of the latest case that showed the signature
  bool proven = false;       // that case was the first one in its process

  bool same(const Verdict& verdict) const {
    return shows(verdict, signature) && (!is_death(signature.kind) || verdict.right.empty() == direct_died);
  }
  bool still(const Case& c) const { return same(isolated.check(c, signature.oracle, false)); }
  bool take(Verdict verdict) {
    if (!same(verdict)) return false;
    shown = std::move(verdict);
    proven = isolated.was_first();
    return true;
  }
  bool take_if_shown(const Case& c, bool fresh) { return take(isolated.check(c, signature.oracle, fresh)); }
};

// The first run decides which side dies. Earlier cases in the process may hide the divergence, so only a
// fresh process proves that it does not show.
bool shows_at_all(const Case& raw, Inquiry& inquiry, bool fresh, std::string& why) {
  Verdict first = inquiry.isolated.check(raw, inquiry.signature.oracle, fresh);
  if (!shows(first, inquiry.signature)) {
    if (!inquiry.isolated.was_first()) return shows_at_all(raw, inquiry, true, why);
    why = "a fresh process shows " + text_of(first);
    return false;
  }
  inquiry.direct_died = first.right.empty();
  return inquiry.take(std::move(first));
}

// Candidates share a process for speed, so the smallest case must then show in a process of its own. If it
// does not (it fails only after the others), the case is minimised again, with a process for each candidate.
bool confirm(const Case& raw, Inquiry& inquiry, const corpora::Catalog& catalog, Minimised& minimised,
             std::string& why) {
  if (inquiry.proven) return true;
  const Verdict alone = inquiry.isolated.check(minimised.smallest, inquiry.signature.oracle, true);
  if (inquiry.take(alone)) return true;
  if (!shows_at_all(raw, inquiry, true, why)) return false;
  const auto fresh = [&](const Case& c) { return inquiry.take_if_shown(c, true); };
  Minimised again = minimise(raw, catalog, fresh, budget_of(inquiry.signature.kind) / 4);
  again.candidates_tried += minimised.candidates_tried;
  minimised = std::move(again);
  return true;
}

// A side that died in another form of its call has not returned its program: a child rewrites it.
std::string other_form(oracles::Subject& subject, const Case& c, const Verdict& verdict,
                       const oracles::IsolatedLimits& limits) {
  const auto is_form = [](const corpora::Layer& layer) { return layer.kind == corpora::LayerKind::form; };
  const auto layer = std::find_if(verdict.right.begin(), verdict.right.end(), is_form);
  if (layer == verdict.right.end() || !verdict.right_case.empty()) return verdict.right_case;
  const auto rewritten = [&]() -> std::string {
    oracles::Trial trial(subject, c);
    const auto forms = oracles::other_forms(subject.catalog(), trial.last_operator());
    const auto number = static_cast<size_t>(layer->storage);
    std::string why;
    if (number >= forms.size() || !trial.direct().returned()) return {};
    const auto program = oracles::rewrite(trial, forms[number], trial.direct(), why, {*layer});
    return program ? corpora::to_text(program->program) : "";
  };
  const oracles::ChildAnswer answer = oracles::run_in_child(limits, rewritten);
  return answer.death ? "" : answer.text;
}

void add_traces(Finding& finding, oracles::Isolated& isolated) {
  const Verdict& verdict = finding.verdict;
  const bool hangs = finding.signature.kind == oracles::Kind::timeout;
  if (hangs) finding.right_trace = {"no trace, because the run does not end"};
  if (hangs && verdict.right.empty()) finding.left_trace = finding.right_trace;
  if (finding.left_trace.empty()) finding.left_trace = isolated.trace(finding.minimal, verdict.left);
  if (hangs) return;
  const bool other_program = !verdict.right_case.empty();
  finding.right_trace = other_program
                            ? isolated.trace(corpora::parse_case(verdict.right_case, "right side"), {})
                            : isolated.trace(finding.minimal, verdict.right);
}

void add_schemas(Finding& finding, const corpora::Catalog& catalog) {
  std::set<std::string> seen;
  const auto add = [&](const Case& c) {
    for (const corpora::Call& call : c.calls) {
      const corpora::Operator* op = catalog.find(call.op);
      if (op && seen.insert(call.op).second) finding.schemas.push_back(op->schema);
    }
  };
  add(finding.minimal);
  if (!finding.verdict.right_case.empty()) add(corpora::parse_case(finding.verdict.right_case, "right side"));
}

void fill_header(Case& c, const Detection& detection) {
  c.header.subject = detection.signature.subject;
  c.header.oracle = detection.signature.oracle;
  c.header.load = detection.origin.load;
  c.header.tolerances = detection.origin.tolerances;
  c.header.plant = detection.origin.plant;
  c.header.expect = corpora::Expect::differ;
  c.header.expect_kind = std::string(oracles::name_of(detection.signature.kind));
}

// Without the schemas and traces, which only new findings need.
Finding description(const Detection& detection, const Minimised& minimised, const Inquiry& inquiry,
                    oracles::Subject& subject) {
  Finding finding;
  finding.signature = detection.signature;
  if (const corpora::Operator* op = subject.catalog().find(detection.signature.op); op && op->by_author)
    finding.owner = Owner::author;
  finding.origin = detection.origin;
  finding.candidates_tried = minimised.candidates_tried;
  finding.minimal = minimised.smallest;
  finding.verdict = inquiry.shown;
  fill_header(finding.minimal, detection);
  finding.verdict.right_case =
      other_form(subject, finding.minimal, finding.verdict, inquiry.isolated.limits());
  if (!finding.verdict.right.empty()) finding.minimal.header.path = finding.verdict.right;
  finding.features = features_of(finding.minimal, finding.verdict, subject.catalog());
  // If a side hangs, each further run would cost the whole time again.
  if (finding.signature.kind != oracles::Kind::timeout) {
    finding.features = features_that_matter(finding.features, finding.minimal,
                                            [&](const Case& c) { return inquiry.still(c); });
  }
  finding.fingerprint = fingerprint_of(finding.signature, finding.features);
  finding.group = group_of(finding.signature, finding.features);
  return finding;
}

}  // namespace

Detection detection_of(const Case& c, const oracles::Subject& subject, const oracles::Oracle& oracle,
                       const Verdict& verdict, const Origin& origin) {
  const oracles::Divergence& divergence = verdict.divergence;
  Detection detection{
      c, {std::string(subject.name()), std::string(oracle.name), divergence.op, divergence.kind}, origin};
  corpora::Header& header = detection.raw.header;
  header.subject = subject.name();
  header.oracle = oracle.name;
  // Other paths cannot be requested: the oracle chooses again.
  const auto on_request = [](const corpora::Layer& layer) { return layer.row().on_request; };
  header.path = std::ranges::any_of(verdict.right, on_request) ? verdict.right : corpora::Path{};
  header.load = origin.load;
  header.tolerances = origin.tolerances;
  header.plant = origin.plant;
  header.expect = corpora::Expect::differ;
  header.expect_kind = oracles::name_of(divergence.kind);
  return detection;
}

std::optional<Finding> investigate(const Detection& detection, oracles::Subject& subject,
                                   oracles::Isolated& isolated, const KnownEntries& known,
                                   const std::set<std::string>& confirmed, std::string& why) {
  Inquiry inquiry{detection.signature, isolated};
  if (!shows_at_all(detection.raw, inquiry, false, why)) return std::nullopt;
  const auto shared = [&](const Case& c) { return inquiry.take_if_shown(c, false); };
  Minimised minimised =
      minimise(detection.raw, subject.catalog(), shared, budget_of(detection.signature.kind));
  const auto described = [&] {
    Finding finding = description(detection, minimised, inquiry, subject);
    finding.repeats = confirmed.contains(finding.fingerprint);
    return finding;
  };
  if (!confirmed.empty()) {
    if (Finding finding = described(); finding.repeats) return finding;
  }
  if (!confirm(detection.raw, inquiry, subject.catalog(), minimised, why)) return std::nullopt;
  Finding finding = described();
  if (finding.repeats) return finding;
  add_schemas(finding, subject.catalog());
  add_traces(finding, isolated);
  if (const KnownEntry* entry = known.match(finding)) finding.known = entry->name;  // may depend on traces
  return finding;
}

}  // namespace reports
