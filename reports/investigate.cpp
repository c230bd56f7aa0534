#include "reports/investigate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "corpora/case/text.h"
#include "oracles/forms.h"
#include "oracles/trial.h"
#include "reports/counterfactual.h"
#include "reports/features.h"
#include "reports/fingerprint.h"
#include "reports/minimiser.h"

namespace reports {
namespace {

using corpora::Case;
using oracles::Verdict;

// Deaths cost a process each, timeouts their whole time besides.
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

std::string told(const Verdict& verdict) {
  if (!verdict.is_detection())
    return fmt::format("{}{}{}", oracles::name_of(verdict.judgement), verdict.why.empty() ? "" : ": ",
                       verdict.why);
  return fmt::format("{} in {} at {}", oracles::name_of(verdict.divergence.kind), verdict.divergence.op,
                     verdict.divergence.where);
}

bool is_death(oracles::Kind kind) {
  return kind == oracles::Kind::crash || kind == oracles::Kind::timeout || kind == oracles::Kind::memory;
}

// One investigation: what it asks of the isolated subject, again and again.
struct Inquiry {
  const oracles::Signature& signature;
  oracles::Isolated& isolated;
  bool direct_died = false;  // where a side dies, it must stay the same side

  Verdict fresh(const Case& c) const { return isolated.check(c, signature.oracle, true); }
  bool same(const Verdict& verdict) const {
    return shows(verdict, signature) && (!is_death(signature.kind) || verdict.right.empty() == direct_died);
  }
  bool still(const Case& c, bool fresh) const { return same(isolated.check(c, signature.oracle, fresh)); }
};

// Candidates share a process for speed. Where that misleads (the smallest case fails only after the others),
// the search is made again, shorter, with a process for each candidate; at worst the raw case stays as it is.
// `verdict` is what a fresh process said of the smallest case.
Minimised smallest_of(const Case& raw, const Inquiry& inquiry, const corpora::Catalog& catalog,
                      Verdict& verdict) {
  const int budget = budget_of(inquiry.signature.kind);
  Minimised shared = minimise(raw, catalog, [&](const Case& c) { return inquiry.still(c, false); }, budget);
  verdict = inquiry.fresh(shared.smallest);
  if (inquiry.same(verdict)) return shared;
  Minimised alone = minimise(raw, catalog, [&](const Case& c) { return inquiry.still(c, true); }, budget / 4);
  alone.candidates_tried += shared.candidates_tried;
  verdict = inquiry.fresh(alone.smallest);
  return alone;
}

// A side that died in another form of its call left no program behind: it is rewritten again, in a child.
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
    const auto program = oracles::rewrite(trial, forms[number], trial.direct(), why);
    return program ? corpora::to_text(program->program) : "";
  };
  const oracles::ChildAnswer answer = oracles::run_in_child(limits, rewritten);
  return answer.death ? "" : answer.text;
}

void add_traces(Finding& finding, oracles::Isolated& isolated) {
  const Verdict& verdict = finding.verdict;
  finding.left_trace = isolated.trace(finding.minimal, verdict.left);
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
  c.header.expect = corpora::Expect::differ;
  c.header.expect_kind = std::string(oracles::name_of(detection.signature.kind));
}

}  // namespace

std::optional<Finding> investigate(const Detection& detection, oracles::Subject& subject,
                                   oracles::Isolated& isolated, const KnownEntries& known, std::string& why) {
  Inquiry inquiry{detection.signature, isolated};
  const Verdict first = inquiry.fresh(detection.raw);
  if (!shows(first, detection.signature)) {
    why = "a fresh process shows " + told(first);
    return std::nullopt;
  }
  inquiry.direct_died = first.right.empty();
  Finding finding;
  Minimised minimised = smallest_of(detection.raw, inquiry, subject.catalog(), finding.verdict);
  finding.signature = detection.signature;
  finding.origin = detection.origin;
  finding.candidates_tried = minimised.candidates_tried;
  finding.minimal = std::move(minimised.smallest);
  fill_header(finding.minimal, detection);
  if (!inquiry.same(finding.verdict)) {
    why = "the smallest case, in a fresh process, shows " + told(finding.verdict);
    return std::nullopt;
  }
  finding.verdict.right_case = other_form(subject, finding.minimal, finding.verdict, isolated.limits());
  if (!finding.verdict.right.empty()) finding.minimal.header.path = finding.verdict.right;
  finding.features = features_of(finding.minimal, finding.verdict, subject.catalog());
  // Where a side hangs, each further question would cost the whole time again.
  if (finding.signature.kind != oracles::Kind::timeout) {
    finding.features = features_that_matter(finding.features, finding.minimal,
                                            [&](const Case& c) { return inquiry.still(c, false); });
  }
  finding.fingerprint = fingerprint_of(finding.signature, finding.features);
  finding.group = group_of(finding.signature, finding.features);
  if (const KnownEntry* entry = known.match(finding)) finding.known = entry->name;
  add_schemas(finding, subject.catalog());
  add_traces(finding, isolated);
  return finding;
}

}  // namespace reports
