// A finding as a C++ program for libtorch: the case as data and a program, then code that is the same in all.
#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/image.h"
#include "oracles/subjects/host.h"
#include "reports/cpp_text.h"
#include "reports/embedded.h"
#include "reports/finding_text.h"
#include "reports/layer_steps.h"
#include "reports/program_cpp.h"
#include "reports/repro_plan.h"
#include "reports/reproducer.h"

namespace reports {
namespace {

using corpora::Case;

std::string line_of(std::string text) {
  std::replace_if(text.begin(), text.end(), [](unsigned char ch) { return ch < 0x20 || ch == '\\'; }, ' ');
  return text.size() > 200 ? text.substr(0, 200) + "..." : text;
}

std::string build_line(const Finding& f) {
  const std::string& flags = f.origin.toolchain.cpp_flags;
  return fmt::format("// Build:  g++ -std=c++20 repro.cpp -o repro {}{}-ltorch_cpu -lc10 -ldl\n", flags,
                     flags.empty() ? "" : " ");
}

std::string comment(const Finding& f) {
  const FindingText text = text_of(f);
  return fmt::format(
      "// {}\n"
      "// {} {}, at {}.\n"
      "//   left:  {}: {}\n"
      "//   right: {}: {}\n"
      "// Exits 1 while both sides differ, else 0; with --same both sides run alike.\n"
      "{}"
      "// Written by Faultline {}, finding {}.\n",
      line_of(text.headline), f.signature.subject, f.origin.subject_version, line_of(text.where),
      line_of(text.left.name), line_of(text.left.text), line_of(text.right.name), line_of(text.right.text),
      build_line(f), f.origin.faultline_version, f.fingerprint);
}

std::string comment_of_program(const Finding& f) {
  const FindingText text = text_of(f);
  return fmt::format(
      "// {} {}: a dispatch program; {} differs.\n//   {}: {}\n//   {}: {}\n// Finding {}.\n{}//\n",
      f.signature.subject, f.origin.subject_version, line_of(text.where), line_of(text.left.name),
      line_of(text.left.text), line_of(text.right.name), line_of(text.right.text), f.fingerprint,
      f.signature.subject == "torch" ? build_line(f) : "");
}

// What the program returns: the last call's results, or the outs that it wrote.
std::string returned(const ReproPlan& plan, const Case& c, bool is_right) {
  const std::string last = fmt::format("r{}", c.calls.size() - 1);
  if (!is_right || plan.outs.empty() || plan.promise() || plan.dies) return last;
  std::string outs;
  for (int32_t out : plan.outs) outs += fmt::format("{}x[{}]", outs.empty() ? "" : ", ", out);
  return plan.narrowed ? fmt::format("narrowed({{{}}}, tensors(left_program(x, device)))", outs)
                       : fmt::format("Stack{{{}}}", outs);
}

// Empty if a call cannot be written.
std::string side(const std::string& name, const Case& c, const Finding& finding, const ReproPlan& plan) {
  const corpora::Image image = corpora::image_of(c);
  std::string text = fmt::format("Tensors {}_memory() {{\n  return {{\n", name);
  for (size_t s = 0; s < c.storages.size(); ++s)
    text += fmt::format("      {},\n", cpp_storage(c.storages[s], image.storages[s]));
  text += fmt::format("  }};\n}}\n\nStack {}_program(const Tensors& x, c10::Device device) {{\n", name);
  text += "  (void)x, (void)device;\n";
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const engine::Schema* schema = schema_of(finding, c.calls[i].op);
    const std::string call = schema ? cpp_call(c.calls[i], *schema) : "";
    if (call.empty()) return {};
    text += fmt::format("  Stack r{} = {};\n", i, call);
  }
  text += fmt::format("  return {};\n}}\n\n", returned(plan, c, name == "right"));
  text += fmt::format("const std::vector<View> {}_views = {{  // storage, sizes, strides, offset\n", name);
  for (const corpora::Input& input : c.inputs)
    text += fmt::format("    {{{}, {}, {}, {}}},\n", input.storage, cpp_dims(input.sizes),
                        cpp_dims(input.strides), input.offset);
  return text + "};\n\n";
}

// How a side's layers transform its inputs.
std::string transformations(const ReproPlan& plan) {
  return fmt::format(
      R"(at::Tensor transformed(at::Tensor base, const Side& side, int64_t storage) {{
  std::vector<at::Tensor (*)(const at::Tensor&)> marks;
  for (const Layer& layer : side.layers) {{
    if (layer.storage >= 0 && layer.storage != storage) continue;
{}  }}
  for (const auto mark : marks) base = mark(base);
  return base;
}}

void transform_views(Tensors& x, const Side& side) {{
  for (const Layer& layer : side.layers) {{
{}  }}
}}

)",
      layer_steps(plan, &corpora::LayerRow::cpp_memory, "    if (layer.name == \"{}\") {{\n", 6, "    }\n"),
      layer_steps(plan, &corpora::LayerRow::cpp_views, "    if (layer.name == \"{}\") {{\n", 6, "    }\n"));
}

std::string against_word(const ReproPlan& plan) {
  if (plan.against == ReproPlan::Against::before) return plan.must_change ? "a change" : "before";
  return plan.promise() ? plan.expected : "";
}

std::string settings(const Finding& f, const ReproPlan& plan) {
  std::string libraries;
  for (const std::string& library : f.origin.load)
    if (oracles::module_in(library).empty()) libraries += cpp_string(library) + ", ";
  const bool pattern =
      f.verdict.divergence.uninitialised || f.signature.kind == oracles::Kind::nondeterminism;
  return fmt::format(
      "const std::vector<const char*> libraries = {{{}}};\n"
      "const std::string kind = {};  // what differs\n"
      "const std::string promised = {};  // what the right side is compared with; empty: the left side\n"
      "const bool in_inputs = {};  // the difference is in inputs, not in results\n"
      "const std::vector<int> watched = {{{}}};  // the inputs that are compared; none: all\n"
      "const int step = {};  // of the watched elements\n"
      "const bool memory_pattern = {};  // fresh memory is filled, with a different byte for each side\n"
      "const double bound = {};  // how much values may differ\n\n",
      libraries, cpp_string(oracles::name_of(f.signature.kind)), cpp_string(against_word(plan)),
      plan.in_inputs, fmt::join(plan.watched, ", "), plan.step, pattern, fmt::format("{:.17g}", plan.bound));
}

// Whether a call is of an operator that a Python module may have registered.
bool needs_python(const Finding& finding) {
  const auto is_module = [](const std::string& loaded) { return !oracles::module_in(loaded).empty(); };
  const auto is_own = [](const engine::Schema& schema) { return !schema.name.starts_with("aten::"); };
  return std::ranges::any_of(finding.origin.load, is_module) && std::ranges::any_of(finding.schemas, is_own);
}

}  // namespace

Reproducer repro_cpp(const Finding& finding) {
  if (!finding.minimal.program.empty()) {
    const Side side = finding.signature.subject == "torch" ? Side::c10 : Side::engine;
    return {comment_of_program(finding) + program_cpp(finding.minimal.program, side), ""};
  }
  const auto [plan, cannot] = plan_of(finding);
  if (!cannot.empty()) return {"", cannot};
  if (finding.signature.kind == oracles::Kind::gradient) return {"", "the reproducer is in Python"};
  if (!plan.device.empty())
    return {"", "C++ reproducers make tensors on the CPU, and the run was on " + plan.device};
  for (const corpora::Layer& layer : finding.verdict.right)
    if (layer.kind == corpora::LayerKind::typed)
      return {"", "one side is a typed call, and the case does not contain its C++ type"};
  if (finding.signature.oracle == "precision" && finding.signature.kind == oracles::Kind::dtype)
    return {"", "C++ reproducers do not count the significant bits of results"};
  if (finding.signature.oracle == "threads") return {"", "C++ reproducers run with one thread"};
  if (plan.apart) return {"", "C++ reproducers run both sides in one process"};
  for (const corpora::Layer& layer : finding.verdict.right) {
    if (layer.row().in_python_only()) return {"", "the reproducer is in Python"};
    if (!layer.row().no_python.empty()) return {"", std::string(layer.row().no_python)};
  }
  if (needs_python(finding)) return {"", "a Python module registers the operator"};
  std::string programs = side("left", plan.promise() ? plan.program() : plan.left, finding, plan);
  bool written = !programs.empty();
  const bool two = plan.right && !plan.promise();
  if (two) {
    const std::string text = side("right", *plan.right, finding, plan);
    written = written && !text.empty();
    programs += text;
  }
  if (!written) return {"", "an argument has a type that C++ reproducers do not support"};
  std::string text = comment(finding) + std::string(embedded::declarations) + settings(finding, plan) +
                     programs + transformations(plan);
  text += fmt::format("const Side left = {{left_memory, left_views, {}, left_program}};\n",
                      cpp_layers(plan.left_path));
  text += fmt::format("const Side right = {{{0}_memory, {0}_views, {1}, {0}_program}};\n",
                      two ? "right" : "left", cpp_layers(plan.right_path));
  return {text + std::string(embedded::machinery), ""};
}

}  // namespace reports
