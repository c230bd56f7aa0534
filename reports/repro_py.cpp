// A finding as a Python script: the case as data and a program, then the functions that its kind needs.
#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/image.h"
#include "oracles/gradients/derivative.h"
#include "oracles/subjects/host.h"
#include "reports/finding_text.h"
#include "reports/gradient_py.h"
#include "reports/python_facts.h"
#include "reports/python_parts.h"
#include "reports/python_text.h"
#include "reports/reproducer.h"

namespace reports {
namespace {

using corpora::Case;
using oracles::Kind;

// What the program returns: the last call's result, or the outs that it wrote.
std::string returned_in_python(const ReproPlan& plan, const Case& c, bool is_right) {
  const std::string last = fmt::format("r{}", c.calls.size() - 1);
  if (!is_right || plan.outs.empty() || plan.promise() || plan.dies) return last;
  std::string outs;
  for (int32_t out : plan.outs) outs += fmt::format("{}x[{}]", outs.empty() ? "" : ", ", out);
  if (!plan.narrowed) return fmt::format("[{}]", outs);
  return fmt::format("[out.to(r.dtype) for out, r in zip([{}], tensors(Left.program(x, device)))]", outs);
}

std::string side_class(const std::string& name, const Case& c, const Finding& finding, const ReproPlan& plan,
                       bool is_right) {
  const corpora::Image image = corpora::image_of(c);
  std::string text = fmt::format("\n\nclass {}:\n", name);
  text += "    views = [  # of the inputs: (storage, sizes, strides, offset)\n";
  for (const corpora::Input& input : c.inputs)
    text += fmt::format("        ({}, {}, {}, {}),\n", input.storage, python_dims(input.sizes),
                        python_dims(input.strides), input.offset);
  text += "    ]\n";
  text += fmt::format("    layers = {}\n", python_layers(is_right ? plan.right_path : plan.left_path));
  text += "\n    def memory():\n        return [\n";
  for (size_t s = 0; s < c.storages.size(); ++s)
    text += fmt::format("            {},\n", python_storage(c.storages[s], image.storages[s]));
  text += "        ]\n\n    def program(x, device):\n";
  for (size_t i = 0; i < c.calls.size(); ++i)
    text += fmt::format("        r{} = {}\n", i, python_call(c.calls[i], schema_of(finding, c.calls[i].op)));
  return text + fmt::format("        return {}\n", returned_in_python(plan, c, is_right));
}

std::string docstring(const Finding& f) {
  const FindingText words = text_of(f);
  const auto one_line = [](std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](unsigned char ch) { return ch < 0x20 || ch == '\\' || ch == '"' || ch >= 0x7f; }, ' ');
    return text.size() > 200 ? text.substr(0, 200) + "..." : text;
  };
  std::string text = fmt::format("\"\"\"{}\n\n{} {}, at {}.\n", one_line(words.headline), f.signature.subject,
                                 f.origin.subject_version, one_line(words.where));
  text += fmt::format("left:  {}: {}\n", one_line(words.left.name), one_line(words.left.text));
  text += fmt::format("right: {}: {}\n", one_line(words.right.name), one_line(words.right.text));
  text += one_line(words.expected) + "\n" + one_line(words.look_at) + "\n";
  text += fmt::format(
      "\nExits 1 while both sides differ, else 0; with --same both sides run alike.\n"
      "Written by Faultline {}, finding {}.\n\"\"\"\n",
      f.origin.faultline_version, f.fingerprint);
  return text;
}

bool passes_undefined(const Case& c) {
  return std::ranges::count(c.calls.back().arguments, corpora::ValueKind::undefined, &corpora::Value::kind) >
         0;
}

bool is_slope(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  return d.kind == Kind::gradient && d.place.part == oracles::Part::gradient;
}

// Whether scripts show a layer that has no steps in the table of layers.
bool is_shown(const corpora::Layer& layer, const ReproPlan& plan) {
  return (layer.kind == corpora::LayerKind::private_device && !plan.device.empty()) ||
         (layer.kind == corpora::LayerKind::fused && layer.storage < 2);
}

// What a script compares of a finding about gradients that is not a slope.
Kind compared_kind(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  const bool is_end = d.place.part == oracles::Part::backward || d.place.part == oracles::Part::forbidden;
  return finding.signature.kind == Kind::gradient && is_end ? Kind::error : finding.signature.kind;
}

// Why Python cannot show what C++ can; empty if it can.
std::string python_cannot(const Finding& finding, const ReproPlan& plan) {
  if (finding.signature.kind == Kind::gradient) return no_gradient_script(finding);
  if (plan.right && passes_undefined(*plan.right) != passes_undefined(plan.left))
    return "Python passes None where C++ can pass an undefined tensor";
  for (const corpora::Layer& layer : finding.verdict.right)
    if (!layer.row().no_python.empty() && !is_shown(layer, plan)) return std::string(layer.row().no_python);
  if (finding.verdict.divergence.uninitialised || finding.signature.kind == Kind::nondeterminism)
    return "shows only if fresh memory contains a chosen pattern, which Python cannot set";
  return {};
}

std::string loads(const Finding& finding) {
  std::string libraries, modules;
  for (const std::string& loaded : finding.origin.load) {
    if (const std::string_view module = oracles::module_in(loaded); !module.empty())
      modules += fmt::format("import {}\n", module);
    else
      libraries += fmt::format("torch.ops.load_library({})\n", python_string(loaded));
  }
  if (modules.empty()) return libraries;
  return libraries + "\nsys.path.insert(0, \"\")  # modules are found in the current folder\n" + modules;
}

}  // namespace

Reproducer repro_py(const Finding& finding) {
  const auto [plan, cannot] = plan_of(finding);
  if (!cannot.empty()) return {"", cannot};
  if (std::string why = python_cannot(finding, plan); !why.empty()) return {"", why};
  std::string text = "#!/usr/bin/env python3\n" + docstring(finding) + python_imports(plan) + loads(finding);
  if (std::ranges::any_of(plan.left.storages, is_drawn)) text += drawn_function;
  if (is_slope(finding)) {
    Case wide = plan.left;
    for (corpora::Call& call : wide.calls) oracles::widen_dtypes(call);
    return {text + side_class("Left", wide, finding, plan, false) + gradient_script(finding, plan), ""};
  }
  if (plan.promise()) {
    text += side_class("Program", plan.program(), finding, plan, false);
  } else {
    text += side_class("Left", plan.left, finding, plan, false);
    text += plan.right
                ? side_class("Right", *plan.right, finding, plan, true)
                : fmt::format("\n\nclass Right(Left):\n    layers = {}\n", python_layers(plan.right_path));
  }
  const Kind kind = compared_kind(finding);
  text += python_inputs(plan) + python_facts(kind, plan);
  return {text + python_comparison(kind, plan), ""};
}

}  // namespace reports
