#include "oracles/isolation/death_verdict.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "corpora/case/far_sizes.h"
#include "corpora/case/text.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/relations/forms.h"
#include "oracles/trial/attribution.h"
#include "oracles/trial/trial.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// The form that the path requests: the process died in the program that was rewritten to it.
std::optional<Form> form_of(Subject& subject, const corpora::Case& c, const corpora::Path& path) {
  const corpora::Operator* functional = subject.catalog().find(c.calls.back().op);
  if (functional == nullptr) return std::nullopt;
  for (const corpora::Layer& layer : path) {
    if (layer.kind != corpora::LayerKind::form) continue;
    const std::vector<Form> forms = other_forms(subject.catalog(), *functional);
    if (static_cast<size_t>(layer.storage) < forms.size()) return forms[static_cast<size_t>(layer.storage)];
  }
  return std::nullopt;
}

// The library's operator that dies by itself in the same way as the author's call that makes it; or empty.
std::string library_operator_that_dies(Subject& subject, const corpora::Case& c, const corpora::Path& path,
                                       int call, const Death& death, const IsolatedLimits& limits) {
  const ChildAnswer nested = run_in_child(limits, [&] {
    Trial trial(subject, c);
    std::string texts;
    for (const corpora::Case& each : nested_cases(trial, path, call)) texts += corpora::to_text(each) + '\0';
    return texts;
  });
  std::string_view texts = nested.text;
  for (size_t end; (end = texts.find('\0')) != std::string_view::npos; texts.remove_prefix(end + 1)) {
    const corpora::Case alone = corpora::parse_case(texts.substr(0, end), "nested call");
    const auto run = [&] {
      Trial(subject, alone).run(alone.header.path);
      return std::string();
    };
    const std::optional<Death> died = run_in_child(limits, run).death;
    if (died && died->cause == death.cause && died->side.signal == death.side.signal)
      return alone.calls.back().op;
  }
  return {};
}

}  // namespace

Verdict verdict_of_death(Subject& subject, const corpora::Case& c, const corpora::Path& path,
                         const Death& death, const IsolatedLimits& limits) {
  const bool by_cost = death.cause == Death::Cause::timeout || death.cause == Death::Cause::memory;
  if (by_cost && corpora::has_far_size(c))
    return over_budget("an input has too many elements to visit in time or to copy");
  size_t call = c.calls.size() - 1;
  corpora::Case shorter = c;
  for (size_t length = 1; length < c.calls.size(); ++length) {
    shorter.calls.assign(c.calls.begin(), c.calls.begin() + static_cast<std::ptrdiff_t>(length));
    const auto run = [&] {
      Trial(subject, shorter).run(path);
      return std::string();
    };
    if (run_in_child(limits, run).death) {
      call = length - 1;
      break;
    }
  }
  Verdict verdict = verdict_of(death, c.calls[call].op, path);
  verdict.divergence.call = static_cast<int>(call);
  const std::optional<Form> form = form_of(subject, c, path);
  // The functional form has returned in the direct run, so the other form died.
  if (form && call + 1 == c.calls.size()) {
    verdict.divergence.op = form->op->name;
    verdict.divergence.form = form->state;
  }
  const corpora::Operator* died = subject.catalog().find(verdict.divergence.op);
  if (!verdict.is_detection() || path.empty() || form || !died || !died->by_author) return verdict;
  const std::string library =
      library_operator_that_dies(subject, c, path, static_cast<int>(call), death, limits);
  return library.empty()
             ? verdict
             : incomparable(std::move(verdict), fmt::format("the library's {} ends the process by itself: {}",
                                                            library, ending_text(death.side)));
}

}  // namespace oracles
