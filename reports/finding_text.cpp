#include "reports/finding_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/replace.hpp>
#include <cctype>
#include <utility>

#include "corpora/case/image.h"
#include "corpora/case/text.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/invariants/declared_writes.h"
#include "oracles/oracle.h"
#include "reports/python_text.h"

namespace reports {
namespace {

using oracles::Kind;
using oracles::OutState;
using oracles::Part;
using Pair = std::pair<std::string_view, std::string_view>;

const oracles::OracleWords& words_of(const Finding& finding) {
  static const oracles::OracleWords none;
  const oracles::Oracle* oracle = oracles::find_oracle(finding.signature.oracle);
  return oracle ? oracle->words : none;
}

// ---- titles

constexpr std::array<std::pair<Kind, std::string_view>, 19> differences{
    {{Kind::value, "result is wrong"},
     {Kind::nan_pattern, "result has NaN or infinity in different places"},
     {Kind::sizes, "result has different sizes"},
     {Kind::strides, "result has different strides"},
     {Kind::offset, "result has a different storage offset"},
     {Kind::dtype, "result has a different dtype"},
     {Kind::device, "result is on a different device"},
     {Kind::alias, "result shares different memory"},
     {Kind::outputs, "result is of a different kind"},
     {Kind::identity, "result is a different tensor object"},
     {Kind::version, "version counter is bumped differently"},
     {Kind::error, "raises an error"},
     {Kind::gradient, "gradient is wrong"},
     {Kind::mutation, "inputs are changed differently"},
     {Kind::state, "leaves the thread's dispatch state changed"},
     {Kind::nondeterminism, "result differs from run to run"},
     {Kind::crash, "crashes"},
     {Kind::timeout, "does not end"},
     {Kind::memory, "needs far more memory"}}};

std::string_view difference_of(Kind kind) {
  return std::ranges::find(differences, kind, &std::pair<Kind, std::string_view>::first)->second;
}

// For places that say more than kind and oracle; else empty.
std::string_view difference_at(const oracles::Divergence& divergence) {
  switch (divergence.place.part) {
    case Part::out:
      return divergence.kind == Kind::strides ? "changes the strides of an out that fits"
                                              : "changes an out that it then rejects";
    case Part::between:
      return "writes memory between the elements of a strided out";
    case Part::beside:
      return "writes memory outside its tensors";
    case Part::forbidden:
      return "accepts a write after which gradients would be wrong";
    case Part::backward:
      return "raises an error when run backwards";
    default:
      break;
  }
  if (divergence.uninitialised) return "result contains uninitialised memory";
  const bool grad = std::holds_alternative<oracles::RequiresGrad>(divergence.right.shown);
  return grad ? "result requires a gradient that it must not require" : "";
}

// Differences from a schema whose title their kind does not decide; else empty.
std::string_view difference_from_schema(const oracles::Divergence& d) {
  if (oracles::is_missing_write(d)) return "never writes an argument that its schema declares as written";
  if (d.kind == Kind::version && d.left.shown == oracles::Shown(int64_t{1}))
    return "writes an argument without bumping its version counter";
  const bool of_input = d.place.part == Part::input || d.place.part == Part::storage;
  if (of_input && (d.kind == Kind::value || d.kind == Kind::sizes || d.kind == Kind::version))
    return "writes an input and then raises an error";
  return "";
}

std::string death_of(const oracles::Divergence& d) {
  if (d.right.signal) return "crashes with " + oracles::name_of_signal(d.right.signal);
  return d.right.end == oracles::End::crashed ? "ends the process" : std::string(difference_of(d.kind));
}

std::string_view form_name(OutState state) {
  return state == OutState::none ? "the in-place form" : "the out= form";
}

std::string form_phrase(OutState state) {
  if (state == OutState::none) return "in the in-place form";
  if (state == OutState::exact) return "in the out= form";
  return fmt::format("in the out= form with {} out",
                     state == OutState::overlapping || state == OutState::empty
                         ? fmt::format("an {}", name_of(state))
                         : fmt::format("a {}", name_of(state)));
}

std::string title_in_lower_case(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  const oracles::OracleWords& words = words_of(finding);
  const std::string when = d.form ? form_phrase(*d.form) : std::string(words.when);
  const auto with = [](std::string_view what, std::string_view condition) {
    return fmt::format("{}{}{}", what, condition.empty() ? "" : " ", condition);
  };
  if (d.is_death())  // on the direct path the cause is the operator, whichever oracle found it
    return with(death_of(d), finding.verdict.right.empty() ? "" : when);
  if (const std::string_view what = difference_at(d); !what.empty()) return std::string(what);
  if (finding.signature.oracle == "schema")
    if (const std::string_view what = difference_from_schema(d); !what.empty()) return std::string(what);
  if (d.kind == Kind::error && d.left.raised() != d.right.raised()) {
    const std::string_view title = d.left.raised() ? words.left_raises : words.right_raises;
    if (!title.empty()) return d.form ? with(form_name(*d.form), title) : std::string(title);
  }
  if (d.kind == Kind::error && d.left.raised()) return with("raises a different error", when);
  for (const auto& [kind, title] : words.titles)
    if (kind == d.kind) return std::string(title);
  if (d.kind == Kind::value && d.place.part == Part::input)
    return with("input has wrong values after the call", when);
  return with(difference_of(d.kind), when);
}

std::string capitalised(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// ---- the smallest call

// "x[0]" in a call becomes "x0", the variable that the lines above it define.
std::string with_variables(std::string call, size_t inputs) {
  for (size_t i = 0; i < inputs; ++i)
    boost::replace_all(call, fmt::format("x[{}]", i), fmt::format("x{}", i));
  return call;
}

// The input as a view of `memory`, an expression.
std::string view_of(const corpora::Case& c, const corpora::Input& input, std::string memory) {
  const engine::Dims plain = engine::contiguous_strides(input.sizes);
  const bool whole =
      input.offset == 0 && input.strides == plain &&
      engine::element_count(input.sizes) == c.storages[static_cast<size_t>(input.storage)].elements;
  if (whole && input.sizes.size() == 1) return memory;
  if (whole) return fmt::format("{}.reshape({})", memory, python_dims(input.sizes));
  return fmt::format("{}.as_strided({}, {}{})", memory, python_dims(input.sizes), python_dims(input.strides),
                     input.offset == 0 ? "" : fmt::format(", {}", input.offset));
}

std::string code_of(const corpora::Case& c, const Finding& finding) {
  std::string text;
  const corpora::Image image = corpora::image_of(c);
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const corpora::Input& input = c.inputs[i];
    const auto s = static_cast<size_t>(input.storage);
    const auto of_storage = std::ranges::find(c.inputs, input.storage, &corpora::Input::storage);
    std::string memory = python_storage(c.storages[s], image.storages[s]);
    if (std::ranges::count(c.inputs, input.storage, &corpora::Input::storage) > 1) {
      if (&*of_storage == &input) text += fmt::format("s{} = {}\n", s, memory);
      memory = fmt::format("s{}", s);
    }
    text += fmt::format("x{} = {}\n", i, view_of(c, input, std::move(memory)));
  }
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const std::string call = python_call(c.calls[i], schema_of(finding, c.calls[i].op));
    if (i + 1 < c.calls.size()) text += fmt::format("r{} = ", i);
    text += with_variables(call, c.inputs.size()) + "\n";
  }
  return text;
}

std::string call_of(const Finding& finding) {
  const corpora::Case& c = finding.minimal;
  std::string text;
  for (const corpora::Statement& statement : c.program) text += corpora::to_text(statement) + "\n";
  if (!c.program.empty()) return text;
  text = code_of(c, finding);
  if (finding.verdict.right_case.empty()) return text;
  const bool runs_other = finding.signature.oracle == "threads";  // on both sides
  const std::string other = code_of(corpora::parse_case(finding.verdict.right_case, "right side"), finding);
  if (runs_other) return other;
  const oracles::OracleWords& words = words_of(finding);
  if (finding.signature.oracle != "variants")
    return fmt::format("# {}\n{}\n# {}\n{}", words.left, text, words.right, other);
  return fmt::format("# functional form\n{}\n# {} form\n{}", text,
                     finding.verdict.divergence.form == OutState::none ? "in-place" : "out=", other);
}

// ---- sides

SideText side_text(const Finding& finding, bool left) {
  const oracles::Divergence& d = finding.verdict.divergence;
  const oracles::OracleWords& words = words_of(finding);
  SideText side;
  side.name = left ? words.left : words.right;
  if (!left && d.form) side.name = *d.form == OutState::none ? "in-place form" : "out= form";
  if (d.kind == Kind::gradient && d.place.part == Part::gradient)
    side.name = left ? "finite differences" : "autograd";
  if (d.place.part == Part::thread) side.name = left ? "before the call" : "after the call";
  if (side.name.empty()) side.name = left ? "left" : "right";
  if (d.is_death() && finding.verdict.right.empty()) side.name = left ? "expected" : "call";
  side.text = left ? left_text(d) : right_text(d);
  if (d.is_death() && left) side.text = "returns or raises an error";
  if (!d.is_death() || !left) side.whole = whole_text(left ? d.left : d.right);
  return side;
}

std::string expectation_of(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  if (d.right.end == oracles::End::own_check)
    return "Unless the operator has overwritten Faultline's memory, this is an error of Faultline.";
  if (d.is_death())
    return finding.verdict.right.empty()
               ? "The call itself ends the process, without any special input."
               : "The plain call returns or raises; only this way of calling ends the process.";
  const oracles::Oracle* oracle = oracles::find_oracle(finding.signature.oracle);
  return oracle ? std::string(oracle->promise) : "";
}

std::string_view what_to_look_at(const Finding& finding) {
  const oracles::Side& end = finding.verdict.divergence.right;
  if (!finding.verdict.right.empty()) return words_of(finding).look_at;
  switch (end.end) {
    case oracles::End::crashed:
      return end.signal ? "Run the call in a debugger, or build the operator with AddressSanitizer."
                        : "Look for a call of exit() in the kernel or in what it calls.";
    case oracles::End::out_of_time:
      return "Look for a loop that does not end with these arguments.";
    case oracles::End::waiting:
      return "Look for a lock that is never released, or for something that the kernel waits for.";
    case oracles::End::out_of_memory:
    case oracles::End::killed:
      return "Look at how the kernel computes the sizes of what it allocates.";
    default:
      return words_of(finding).look_at;
  }
}

// ---- features

constexpr std::array<Pair, 33> phrases{{{"argument:undefined", "an undefined tensor"},
                                        {"calls:several", "several calls"},
                                        {"differs:sign-of-zero", "the sign of a zero"},
                                        {"dtype:bool", "bool"},
                                        {"dtype:complex", "complex numbers"},
                                        {"dtype:complex-half", "complex numbers of 16-bit floats"},
                                        {"dtype:f64", "double precision"},
                                        {"dtype:float8", "8-bit floats"},
                                        {"dtype:half", "16-bit floats"},
                                        {"dtype:integer", "integers"},
                                        {"dtype:mixed", "mixed dtypes"},
                                        {"dtype:unsigned", "wide unsigned integers"},
                                        {"layout:expanded", "an expanded input"},
                                        {"layout:offset", "an input with an offset"},
                                        {"layout:overlapping", "an overlapping input"},
                                        {"layout:strided", "a strided input"},
                                        {"out:empty", "an empty out"},
                                        {"out:narrower", "an out that cannot hold the result"},
                                        {"out:strided", "a strided out"},
                                        {"out:transposed", "a transposed out"},
                                        {"out:wider", "a wider out"},
                                        {"position:list", "the special input inside a list"},
                                        {"position:optional", "the special input in an optional argument"},
                                        {"position:other", "the special input in a later argument"},
                                        {"position:written", "the special input in a written argument"},
                                        {"shape:0-dim", "a 0-dim tensor"},
                                        {"shape:empty", "an empty tensor"},
                                        {"storage:shared", "inputs that share memory"},
                                        {"values:inf", "an infinity"},
                                        {"values:nan", "a NaN"},
                                        {"values:negative-zero", "a negative zero"},
                                        {"values:subnormal", "a subnormal number"},
                                        {"written-layout:strided", "a strided out"}}};

std::string phrase_of(const std::string& feature) {
  for (const auto& [name, phrase] : phrases)
    if (name == feature) return std::string(phrase);
  if (feature.starts_with("written-layout:")) return "an out with " + feature.substr(15) + " layout";
  return {};
}

}  // namespace

FindingText text_of(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  const std::string title = title_in_lower_case(finding);
  FindingText text;
  text.title = capitalised(title);
  text.headline = fmt::format("`{}`: {}", finding.signature.op, title);
  text.call = call_of(finding);
  text.where = oracles::to_text(d.place);
  text.left = side_text(finding, true);
  text.right = side_text(finding, false);
  text.expected = expectation_of(finding);
  text.look_at = what_to_look_at(finding);
  return text;
}

std::string also_shown_by(const Finding& finding) {
  std::vector<std::string> oracles;
  for (const Finding& other : finding.also)
    if (std::ranges::find(oracles, other.signature.oracle) == oracles.end())
      oracles.push_back(other.signature.oracle);
  if (oracles.empty()) return "";
  const size_t n = finding.also.size();
  return fmt::format("also shown by {} finding{} of {}", n, n == 1 ? "" : "s", fmt::join(oracles, ", "));
}

std::string why_not_new(const Finding& finding) {
  if (!finding.known.empty()) return "known: " + finding.known;
  return finding.is_foreign() ? "on an operator of the library, not of the author" : "";
}

std::vector<std::string> needs_of(const Finding& finding) {
  std::vector<std::string> needs;
  for (const std::string& feature : finding.features)
    if (std::string phrase = phrase_of(feature); !phrase.empty()) needs.push_back(std::move(phrase));
  return needs;
}

}  // namespace reports
