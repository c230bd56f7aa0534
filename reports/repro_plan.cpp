#include "reports/repro_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/invariants/declared_writes.h"
#include "oracles/trial/effects.h"

namespace reports {
namespace {

using Against = ReproPlan::Against;
using oracles::Kind;
using oracles::Part;

corpora::Path transforming_layers(const corpora::Path& path) {
  corpora::Path kept;
  for (const corpora::Layer& layer : path)
    if (layer.row().has_python() || layer.kind == corpora::LayerKind::threads ||
        layer.kind == corpora::LayerKind::fused || layer.kind == corpora::LayerKind::private_device)
      kept.push_back(layer);
  return kept;
}

// The inputs that the program's last call is declared to write.
std::vector<int32_t> written_inputs(const corpora::Case& c, const Finding& finding) {
  std::vector<int32_t> written;
  const corpora::Call& call = c.calls.back();
  const engine::Schema* schema = schema_of(finding, call.op);
  for (size_t i = 0; schema && i < call.arguments.size() && i < schema->arguments.size(); ++i) {
    if (!oracles::declares_write(schema->arguments[i])) continue;
    corpora::for_each_tensor(call.arguments[i], [&](const corpora::TensorRef& ref) {
      if (ref.is_input()) written.push_back(ref.index);
    });
  }
  return written;
}

// The right side of a finding about forms of one operator.
void plan_forms(ReproPlan& plan, const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  plan.outs = written_inputs(*plan.right, finding);
  plan.narrowed = d.form == oracles::OutState::wider && d.kind != Kind::dtype;
  const auto out_of = [&](int32_t n) {
    return n >= 0 && static_cast<size_t>(n) < plan.outs.size() ? plan.outs[static_cast<size_t>(n)] : 0;
  };
  const int32_t out = out_of(d.place.index);
  if (d.kind == Kind::error && d.left.raised()) {
    plan.against = Against::expectation;
    plan.expected = "raises";
  } else if (d.kind == Kind::mutation && d.place.part == Part::between) {
    plan.against = Against::before;
    plan.watched = {out + 1};  // a view of the out's whole memory follows it
    plan.step = 2;
  } else if (d.kind == Kind::mutation) {
    plan.against = Against::before;
    plan.watched = {d.place.part == Part::out ? out : std::max(d.place.index, 0)};
  } else if (d.kind == Kind::strides && d.place.part == Part::out) {
    plan.against = Against::before;
    plan.watched = {out};
  } else if (d.kind == Kind::identity) {
    plan.against = Against::expectation;
    plan.expected = fmt::format("input {}", out);
  }
}

// Compares a program with its own schema. Returns an empty string, or why that cannot be shown.
std::string plan_schema(ReproPlan& plan, const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  switch (d.kind) {
    case Kind::mutation: {
      plan.against = Against::before;
      plan.must_change = oracles::is_missing_write(d);
      if (d.place.part == Part::input) {
        plan.watched = {d.place.index};
        return {};
      }
      if (d.place.part != Part::storage)
        return "the call writes outside of every tensor, which only guarded memory shows";
      const int32_t storage = d.place.index;
      plan.watched = {static_cast<int32_t>(plan.left.inputs.size())};
      const int64_t elements = plan.left.storages.at(static_cast<size_t>(storage)).elements;
      plan.left.inputs.push_back({storage, {elements}, {1}, 0});
      return {};
    }
    case Kind::alias:
      plan.against = Against::expectation;
      plan.expected = "memory of its own";
      return {};
    case Kind::identity: {
      plan.against = Against::expectation;
      const auto* promised = std::get_if<oracles::Identity>(&d.left.shown);
      plan.expected = fmt::format("input {}", promised ? std::max(promised->input, 0) : 0);
      return {};
    }
    default:
      return "wrappers in Python and C++ convert results to the declared type";
  }
}

// Of a finding about gradients that is not a wrong slope.
void plan_gradient(ReproPlan& plan, const oracles::Divergence& d) {
  plan.backwards = d.place.part == Part::backward;
  if (d.place.part != Part::forbidden && d.place.part != Part::result) return;
  plan.against = Against::expectation;
  plan.expected = d.place.part == Part::forbidden ? "raises" : "requires no gradient";
  plan.left_path = plan.right_path;  // of the program that is compared with the promise
}

bool is_device(const engine::Type& type) {
  return type.kind == engine::TypeKind::device ||
         (type.kind == engine::TypeKind::optional && is_device(type.element()));
}

}  // namespace

bool takes_side_device(const corpora::Call& call, const engine::Type& type) {
  bool takes_tensors = false;
  for (const corpora::Value& value : call.arguments)
    corpora::for_each_tensor(value, [&](const corpora::TensorRef&) { takes_tensors = true; });
  return !takes_tensors && is_device(type);
}

Planned plan_of(const Finding& finding) {
  Planned planned;
  ReproPlan& plan = planned.plan;
  const oracles::Divergence& d = finding.verdict.divergence;
  if (!finding.minimal.program.empty())
    return {plan, "a dispatch program registers kernels, which Python cannot do"};
  if (finding.signature.subject != "torch") return {plan, "the subject is not PyTorch"};
  if (finding.origin.device == "private") return {plan, "the run was on a device that only Faultline has"};
  if (finding.origin.device != "cpu") plan.device = finding.origin.device;
  plan.left = finding.minimal;
  const auto calls = static_cast<size_t>(std::max(d.call, 0)) + 1;
  if (plan.left.calls.size() > calls) plan.left.calls.resize(calls);
  if (!finding.verdict.right_case.empty())
    plan.right = corpora::parse_case(finding.verdict.right_case, "right side");
  // Both sides run the larger program.
  if ((finding.signature.oracle == "threads" || finding.signature.oracle == "fuser") && plan.right) {
    plan.left = *plan.right;
    plan.right.reset();
  }
  plan.left_path = transforming_layers(finding.verdict.left);
  plan.right_path = transforming_layers(finding.verdict.right);
  if (d.kind == Kind::gradient) plan_gradient(plan, d);
  plan.dies = d.kind == Kind::crash || d.kind == Kind::timeout;
  plan.apart = finding.signature.oracle == "history";
  plan.bound = d.kind == Kind::value ? d.bound : 0;
  plan.in_inputs = d.kind == Kind::mutation || d.kind == Kind::version || d.place.part == Part::input;
  const bool other_form = finding.signature.oracle == "variants";
  if (other_form && !plan.right && !plan.dies) return {plan, "the other form of the call was not recorded"};
  if (finding.signature.oracle == "schema" && !plan.dies) planned.cannot = plan_schema(plan, finding);
  if (finding.signature.oracle == "state" && !plan.dies) plan.against = Against::before;
  if (finding.signature.oracle == "precision" && d.kind == Kind::dtype) {
    plan.against = Against::expectation;
    plan.expected = "more bits than f32";
  }
  if (other_form && plan.right && !plan.dies) plan_forms(plan, finding);
  return planned;
}

}  // namespace reports
