// A finding as a Python script: the case as data and a program, then as much machinery as this kind of
// finding needs.
#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/image.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "reports/python_parts.h"
#include "reports/python_text.h"
#include "reports/reproducer.h"

namespace reports {
namespace {

using corpora::Case;
using corpora::LayerKind;
using oracles::Kind;

// Two programs in one script: the right one repeats only what it changes.
std::string side_class(const std::string& name, const Case& c, const Finding& finding, size_t calls) {
  const corpora::Image image = corpora::image_of(c);
  std::string text = fmt::format("class {}:\n", name);
  text += "    views = [  # (storage, sizes, strides, offset) of each input\n";
  for (const corpora::Input& input : c.inputs)
    text += fmt::format("        ({}, {}, {}, {}),\n", input.storage, python_dims(input.sizes),
                        python_dims(input.strides), input.offset);
  text += "    ]\n\n    def memory():\n        return [\n";
  for (size_t s = 0; s < c.storages.size(); ++s)
    text += fmt::format("            {},\n", python_storage(c.storages[s], image.storages[s]));
  text += "        ]\n\n    def program(x, device):\n";
  for (size_t i = 0; i < calls; ++i)
    text += fmt::format("        r{} = {}\n", i, python_call(c.calls[i], schema_of(finding, c.calls[i].op)));
  return text + fmt::format("        return r{}\n", calls - 1);
}

std::string docstring(const Finding& f) {
  const oracles::Divergence& d = f.verdict.divergence;
  const auto one_line = [](std::string text) {
    std::replace_if(
        text.begin(), text.end(),
        [](unsigned char ch) { return ch < 0x20 || ch == '\\' || ch == '"' || ch >= 0x7f; }, ' ');
    return text.size() > 200 ? text.substr(0, 200) + "..." : text;
  };
  std::string text =
      fmt::format("\"\"\"{} {}, {}: {} differs at {}.\n\n", f.signature.subject, f.origin.subject_version,
                  f.signature.op, oracles::name_of(f.signature.kind), one_line(d.where));
  text += fmt::format("left:  {}: {}\n", corpora::to_string(f.verdict.left), one_line(d.left));
  text += fmt::format("right: {}: {}\n", corpora::to_string(f.verdict.right), one_line(d.right));
  if (!d.note.empty()) text += one_line(d.note) + "\n";
  text += fmt::format(
      "\nExits 1 while both sides differ, 0 when they do not; with --same both sides are dressed alike.\n"
      "Written by Faultline {}, finding {}.\n\"\"\"\n",
      f.origin.faultline_version, f.fingerprint);
  return text;
}

bool has_layer(const Finding& finding, LayerKind kind) {
  const auto in = [&](const corpora::Path& path) {
    return std::any_of(path.begin(), path.end(),
                       [&](const corpora::Layer& layer) { return layer.kind == kind; });
  };
  return in(finding.verdict.left) || in(finding.verdict.right);
}

// Why Python cannot show this finding; empty when it can.
std::string python_cannot(const Finding& finding) {
  if (finding.signature.subject != "torch") return "the subject is not PyTorch";
  if (has_layer(finding, LayerKind::typed))
    return "Python only makes boxed calls, and here one side is typed";
  if (finding.verdict.divergence.uninitialised || finding.signature.kind == Kind::nondeterminism ||
      has_layer(finding, LayerKind::pattern))
    return "shows only when fresh memory holds a chosen pattern, and Python cannot choose it";
  if (finding.signature.kind == Kind::gradient) return "gradients are not compared in Python";
  return {};
}

std::string loads(const Finding& finding) {
  std::string text;
  for (const std::string& library : finding.origin.load)
    text += fmt::format("torch.ops.load_library({})\n", python_string(library));
  return text;
}

}  // namespace

Reproducer repro_py(const Finding& finding) {
  if (std::string why = python_cannot(finding); !why.empty()) return {"", why};
  const Case& c = finding.minimal;
  const size_t calls = std::min(c.calls.size(), static_cast<size_t>(finding.verdict.divergence.call) + 1);
  std::string text =
      "#!/usr/bin/env python3\n" + docstring(finding) + python_imports(finding) + loads(finding);
  text += "\n\n" + side_class("Left", c, finding, calls);
  text += fmt::format("    layers = {}\n", python_layers(finding.verdict.left));
  if (finding.verdict.right_case.empty()) {
    text += "\n\nclass Right(Left):\n";
  } else {
    const Case right = corpora::parse_case(finding.verdict.right_case, "right side");
    text += "\n\n" + side_class("Right", right, finding, right.calls.size());
  }
  text += fmt::format("    layers = {}\n", python_layers(finding.verdict.right));
  return {text + python_machinery(finding), ""};
}

}  // namespace reports
