// Findings in words: titles of groups, and what their minimal cases need.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "reports/report_data.h"

namespace reports {
namespace {

using oracles::Kind;
using Pair = std::pair<std::string_view, std::string_view>;

// Who stands on the right side, by oracle.
constexpr std::array<Pair, 9> actors{{{"zero", "A ZeroTensor"},
                                      {"reference", "The reference"},
                                      {"neg", "A tensor with the neg bit"},
                                      {"conj", "A tensor with the conj bit"},
                                      {"meta", "The Meta path"},
                                      {"variants", "An in-place or out= form"},
                                      {"layout", "Another layout of the inputs"},
                                      {"boxing", "The typed call"},
                                      {"determinism", "A second run"}}};

std::string_view actor_of(const std::string& oracle) {
  for (const auto& [name, actor] : actors)
    if (name == oracle) return actor;
  return "The right side";
}

std::string_view action_of(Kind kind) {
  switch (kind) {
    case Kind::value:
      return "gives other values";
    case Kind::nan_pattern:
      return "gives NaN or infinity elsewhere";
    case Kind::sizes:
      return "gives other sizes";
    case Kind::strides:
      return "gives other strides";
    case Kind::offset:
      return "gives another storage offset";
    case Kind::dtype:
      return "gives another dtype";
    case Kind::device:
      return "gives another device";
    case Kind::alias:
      return "shares other memory";
    case Kind::outputs:
      return "gives results of another kind";
    case Kind::identity:
      return "returns another tensor";
    case Kind::version:
      return "counts versions otherwise";
    case Kind::error:
      return "raises where the other side does not";
    case Kind::gradient:
      return "gives another gradient";
    case Kind::mutation:
      return "changes an input otherwise";
    case Kind::state:
      return "leaves the thread changed";
    case Kind::nondeterminism:
      return "gives other results";
    case Kind::crash:
      return "ends the process";
    case Kind::timeout:
      return "never ends";
    case Kind::memory:
      return "asks for far more memory";
  }
  return "differs";
}

std::string schema_title(Kind kind) {
  switch (kind) {
    case Kind::mutation:
      return "Writes what its schema does not mark as written";
    case Kind::alias:
      return "Shares memory that its schema does not declare shared";
    case Kind::identity:
      return "Returns another tensor than its schema says";
    default:
      return "Returns what its schema does not declare";
  }
}

bool has(const Finding& finding, std::string_view feature) {
  return std::find(finding.features.begin(), finding.features.end(), feature) != finding.features.end();
}

std::string feature_with(const Finding& finding, std::string_view prefix) {
  for (const std::string& feature : finding.features)
    if (feature.starts_with(prefix)) return feature.substr(prefix.size());
  return {};
}

// A death on the direct path is the operator's own, whichever oracle met it.
std::string death_title(const Finding& finding) {
  const std::string signal = feature_with(finding, "signal:");
  const bool direct = finding.verdict.right.empty();
  const std::string actor(direct ? "The plain call itself" : actor_of(finding.signature.oracle));
  if (finding.signature.kind == Kind::timeout) return actor + " never ends";
  return fmt::format("{} {}", actor, signal.empty() ? "ends the process" : "dies of " + signal);
}

constexpr std::array<Pair, 32> phrases{{{"argument:undefined", "an undefined tensor"},
                                        {"calls:several", "several calls"},
                                        {"differs:sign-of-zero", "the sign of a zero"},
                                        {"dtype:bool", "bool"},
                                        {"dtype:complex", "complex numbers"},
                                        {"dtype:f64", "double precision"},
                                        {"dtype:half", "16-bit floats"},
                                        {"dtype:integer", "integers"},
                                        {"dtype:mixed", "mixed dtypes"},
                                        {"in:input", "seen in an input"},
                                        {"layout:expanded", "an expanded input"},
                                        {"layout:offset", "an input with an offset"},
                                        {"layout:overlapping", "an overlapping input"},
                                        {"layout:strided", "a strided input"},
                                        {"out:empty", "an empty out"},
                                        {"out:narrower", "an out that cannot hold the result"},
                                        {"out:strided", "a strided out"},
                                        {"out:transposed", "a transposed out"},
                                        {"out:wider", "a wider out"},
                                        {"position:list", "dressed inside a list"},
                                        {"position:optional", "dressed in an optional argument"},
                                        {"position:other", "dressed in a later argument"},
                                        {"position:written", "dressed in a written argument"},
                                        {"shape:0-dim", "a 0-dim tensor"},
                                        {"shape:empty", "an empty tensor"},
                                        {"storage:shared", "inputs that share memory"},
                                        {"uninitialised", "shows uninitialised memory"},
                                        {"values:inf", "an infinity"},
                                        {"values:nan", "a NaN"},
                                        {"values:negative-zero", "a negative zero"},
                                        {"values:subnormal", "a subnormal number"},
                                        {"written-layout:strided", "a strided out"}}};

std::string phrase_of(const std::string& feature) {
  for (const auto& [name, phrase] : phrases)
    if (name == feature) return std::string(phrase);
  if (feature.starts_with("message:")) return "“" + feature.substr(8) + "”";
  if (feature.starts_with("written-layout:")) return "an out with " + feature.substr(15) + " layout";
  return {};
}

}  // namespace

std::string title_of(const Finding& finding) {
  const oracles::Signature& s = finding.signature;
  if (s.kind == Kind::crash || s.kind == Kind::timeout) return death_title(finding);
  if (s.oracle == "schema") return schema_title(s.kind);
  if (s.oracle == "state") return "A call leaves the thread's state changed";
  if (s.oracle == "determinism")
    return has(finding, "uninitialised") ? "A result shows what fresh memory held"
                                         : "Two runs give other results";
  if (s.oracle == "reference" && s.kind == Kind::error) return "A call returns where it must raise";
  std::string actor(actor_of(s.oracle));
  if (s.oracle == "variants" && finding.verdict.divergence.note.find(" out.") != std::string::npos)
    actor = "The out= form";
  else if (s.oracle == "variants")
    actor = "The in-place form";
  if (s.kind == Kind::error && has(finding, "raises:left"))
    return actor + " accepts what the other side refuses";
  if (s.kind == Kind::error) return actor + " is refused";
  return fmt::format("{} {}", actor, action_of(s.kind));
}

std::vector<std::string> needs_of(const Finding& finding) {
  std::vector<std::string> needs;
  for (const std::string& feature : finding.features)
    if (std::string phrase = phrase_of(feature); !phrase.empty()) needs.push_back(std::move(phrase));
  return needs;
}

std::string replay_line(const Finding& finding) {
  const std::string& device = finding.origin.device;
  return "faultline replay " + (device.empty() || device == "cpu" ? "" : "--device " + device + " ") +
         (finding.directory.empty() ? "findings/" + finding.fingerprint : finding.directory);
}

}  // namespace reports
