// Laws of cases: what is drawn, mutated, crossed, simplified or read from text is a well-formed case. Their
// world is a supply of operators and the functions that work on cases.
#include "corpora/case/case_laws.h"

#include "corpora/case/mutate.h"
#include "engine/core/input_error.h"
#include "properties/case_supplies.h"
#include "properties/law.h"

namespace properties {

namespace {

using corpora::Supply;

struct CaseFunctions {
  explicit CaseFunctions(const Supply& of = engine_supply()) : supply(of) {}
  const corpora::Catalog& catalog() const { return supply.catalog; }

  const Supply& supply;
  Case (*draw)(const Supply&, ChoiceSource&) = &corpora::draw;
  Case (*mutate)(const Case&, const Supply&, ChoiceSource&) = &corpora::mutate;
  Case (*cross)(const Case&, const Case&, const Supply&, ChoiceSource&) = &corpora::cross;
  std::vector<Case> (*simpler)(const Case&, const corpora::Catalog&) = &corpora::simpler;
  std::string (*print)(const Case&) = [](const Case& c) { return corpora::to_text(c); };
  Case (*parse)(std::string_view) = [](std::string_view text) { return corpora::parse_case(text, "drawn"); };
};

// --- drawn cases

Case draw_case(CaseFunctions& f, ChoiceSource& choices) { return f.draw(f.supply, choices); }

// From the bytes of a fuzzer, which may end at any choice.
Case draw_from_bytes(CaseFunctions& f, ChoiceSource& choices) {
  std::vector<std::byte> bytes(choices.below(100));
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(choices.below(256));
  corpora::ByteChoices from(bytes);
  return f.draw(f.supply, from);
}

// Anything that the text form can hold, also with operators that the supply does not have.
Case draw_arbitrary(CaseFunctions&, ChoiceSource& choices) {
  return corpora::arbitrary_case(corpora::law_catalog(), choices);
}

// --- laws

// What is wrong with it as a case of the supply's operators; empty if nothing is.
std::string fault_in(const CaseFunctions& f, const Case& c) {
  if (std::string fault = corpora::fault_of(c); !fault.empty()) return fault;
  if (c.calls.empty()) return "no call";
  for (const corpora::Call& call : c.calls) {
    const corpora::Operator* op = f.catalog().find(call.op);
    if (!op) return "an unknown operator: " + call.op;
    if (call.arguments.size() != op->schema.arguments.size()) return "wrong number of arguments: " + call.op;
  }
  return {};
}

std::string fault_in_text(const CaseFunctions& f, const Case& c) {
  const std::string text = f.print(c);
  try {
    const Case back = f.parse(text);
    if (back != c) return "the text is read as a different case";
    return f.print(back) == text ? "" : "the case that was read is printed differently";
  } catch (const engine::InputError& error) {
    return error.line();
  }
}

Tried is_well_formed(CaseFunctions& f, const Case& c, ChoiceSource&) {
  const std::string fault = fault_in(f, c);
  return held_if(fault.empty(), fault);
}

Tried text_is_lossless(CaseFunctions& f, const Case& c, ChoiceSource&) {
  const std::string fault = fault_in_text(f, c);
  return held_if(fault.empty(), fault);
}

Tried broken_text_is_refused(CaseFunctions& f, const Case& c, ChoiceSource& choices) {
  std::string text = corpora::to_text(c);
  for (uint64_t left = choices.below(20); left > 0; --left)
    text[choices.below(text.size())] = static_cast<char>(choices.below(256));
  if (choices.chance(1, 2)) text.resize(choices.below(text.size()));
  try {
    const std::string fault = corpora::fault_of(f.parse(text));
    return fault.empty() ? not_tried("the changed text is a case") : broken(fault);
  } catch (const engine::InputError& error) {
    if (error.line().find('\n') != std::string::npos) return broken("the error has several lines");
    return held_if(std::ranges::count(error.where(), ':') >= 2, "refused without NAME:LINE:COLUMN");
  }
}

Tried same_choices_make_the_same_case(CaseFunctions& f, ChoiceSource& choices) {
  const uint64_t seed = choices.below(uint64_t{1} << 32);
  const auto made = [&] {
    corpora::PhiloxChoices again(seed, 0, 0);
    const Case c = draw_case(f, again), other = draw_case(f, again);
    return f.cross(f.mutate(c, f.supply, again), other, f.supply, again);
  };
  const Case first = made();
  return held_if(first == made(), "two different cases");
}

Tried mutations_are_cases(CaseFunctions& f, const Case& c, ChoiceSource& choices) {
  Case at = c;
  for (int step = 0; step < 30; ++step) {
    at = choices.chance(1, 3) ? f.cross(at, draw_case(f, choices), f.supply, choices)
                              : f.mutate(at, f.supply, choices);
    for (const std::string& fault : {fault_in(f, at), fault_in_text(f, at)})
      if (!fault.empty()) return broken(fault + " in\n" + corpora::to_text(at) + "which is made from");
  }
  return held();
}

Tried simpler_cases_are_smaller(CaseFunctions& f, const Case& c, ChoiceSource&) {
  const corpora::Measure measure = corpora::measure_of(c, f.catalog());
  const std::vector<Case> candidates = f.simpler(c, f.catalog());
  for (const Case& candidate : candidates) {
    if (const std::string fault = fault_in(f, candidate); !fault.empty()) return broken(fault);
    if (candidate == c || !(corpora::measure_of(candidate, f.catalog()) < measure))
      return broken("not smaller:\n" + corpora::to_text(candidate));
  }
  return candidates.empty() ? not_tried("nothing is simpler") : held();
}

// A walk along first candidates is short, which makes minimising cheap.
Tried walks_end(CaseFunctions& f, const Case& c, ChoiceSource& choices) {
  for (const int most : {200, 3000}) {
    std::vector<Case> candidates = f.simpler(c, f.catalog());
    for (int step = 0; !candidates.empty(); ++step) {
      if (step == most) return broken(fmt::format("a walk of {} steps", most));
      candidates = f.simpler(most == 200 ? candidates.front() : choices.pick(candidates), f.catalog());
    }
  }
  return held();
}

// --- mistakes

Case without_an_argument(Case c) {
  if (!c.calls.back().arguments.empty()) c.calls.back().arguments.pop_back();
  return c;
}
Case unchanged(Case c) { return c; }

// Not a function of its argument.
Case unlike_the_last(Case c) {
  static uint64_t made = 0;
  for (corpora::Storage& storage : c.storages) storage.rng_seed = ++made;
  return c;
}

// The functions with `spoil` applied to their results.
template <Case (*spoil)(Case)>
struct Spoiled {
  static Case draw(const Supply& supply, ChoiceSource& choices) {
    return spoil(corpora::draw(supply, choices));
  }
  static Case mutate(const Case& c, const Supply& supply, ChoiceSource& choices) {
    return spoil(corpora::mutate(c, supply, choices));
  }
  static Case cross(const Case& c, const Case& other, const Supply& supply, ChoiceSource& choices) {
    return spoil(corpora::cross(c, other, supply, choices));
  }
  static std::vector<Case> simpler(const Case& c, const corpora::Catalog&) { return {spoil(c)}; }
};
using Shortened = Spoiled<without_an_argument>;
using Unstable = Spoiled<unlike_the_last>;

Case without_calls_at_the_end(const Supply& supply, ChoiceSource& choices) {
  Case c = corpora::draw(supply, choices);
  if (choices.below(1U << 16) == 0) c.calls.clear();
  return c;
}

Case mutated_if_known(const Case& c, const Supply& supply, ChoiceSource& choices) {
  return supply.catalog.find(c.calls[0].op) ? corpora::mutate(c, supply, choices) : c;
}

std::string without_offsets(const Case& c) {
  Case changed = c;
  for (corpora::Input& input : changed.inputs) input.offset = 0;
  return corpora::to_text(changed);
}

Case parsed_without_position(std::string_view text) {
  try {
    return corpora::parse_case(text, "drawn");
  } catch (const engine::InputError& error) {
    throw engine::InputError("", error.what());
  }
}

std::vector<NamedWorld<CaseFunctions>> supplies() {
  std::vector<NamedWorld<CaseFunctions>> worlds{
      {"engine", [] { return std::make_unique<CaseFunctions>(engine_supply()); }}};
  if (has_torch())
    worlds.push_back({"torch", [] { return std::make_unique<CaseFunctions>(torch_supply()); }});
  return worlds;
}

using CaseLaw = Law<CaseFunctions>;
const DeclaredLaws<CaseFunctions> laws_of_cases{
    {
        CaseLaw(115, "DrawnCasesFitTheirSchemas",
                "A drawn case is well formed, and its calls have the arguments of their schemas.", 1,
                {draw_case, is_well_formed},
                {with("a drawn call lacks its last argument", &CaseFunctions::draw, Shortened::draw)}),
        CaseLaw(116, "AnyBytesDrawACase", "Any bytes draw a well-formed case, wherever they end.", 1,
                {draw_from_bytes, is_well_formed},
                {with("a case has no calls if the bytes end early", &CaseFunctions::draw,
                      without_calls_at_the_end)}),
        CaseLaw(117, "SameChoicesMakeTheSameCase",
                "Drawing, mutating and crossing depend on nothing but the choices.", 1,
                {same_choices_make_the_same_case},
                {with("a draw depends on earlier draws", &CaseFunctions::draw, Unstable::draw),
                 with("a mutation depends on earlier mutations", &CaseFunctions::mutate, Unstable::mutate),
                 with("a crossing depends on earlier crossings", &CaseFunctions::cross, Unstable::cross)}),
        CaseLaw(118, "TextIsLossless", "A printed case is read back as the same case.", 1,
                {draw_case, text_is_lossless},
                {with("offsets are not printed", &CaseFunctions::print, without_offsets)}),
        CaseLaw(119, "BrokenTextIsRefused",
                "Changed text is a well-formed case, or is refused with the position of the error.", 0.5,
                {draw_case, broken_text_is_refused},
                {with("an error has no position", &CaseFunctions::parse, parsed_without_position)}),
        CaseLaw(120, "MutationsAreCases",
                "Mutating and crossing a case makes a well-formed case, however often.", 1,
                {draw_case, mutations_are_cases},
                {with("a mutated call lacks its last argument", &CaseFunctions::mutate, Shortened::mutate),
                 with("a crossed call lacks its last argument", &CaseFunctions::cross, Shortened::cross)}),
        CaseLaw(
            121, "AnyCaseCanBeMutated",
            "Mutating a case of any corpus makes a case of the supply's operators.", 1,
            {draw_arbitrary, mutations_are_cases},
            {with("a case of unknown operators is not changed", &CaseFunctions::mutate, mutated_if_known)}),
        CaseLaw(
            122, "SimplerCasesAreSmaller", "A simpler case is well formed, fits its schemas, and is smaller.",
            0.5, {draw_case, simpler_cases_are_smaller},
            {with("a case is proposed as simpler than itself", &CaseFunctions::simpler,
                  Spoiled<unchanged>::simpler),
             with("a simpler call lacks its last argument", &CaseFunctions::simpler, Shortened::simpler)}),
        CaseLaw(123, "SimplifyingEnds", "Whichever simpler case is taken, simplifying ends.", 1,
                {draw_case, walks_end},
                {with("a case is proposed as simpler than itself", &CaseFunctions::simpler,
                      Spoiled<unchanged>::simpler)}),
    },
    supplies()};

}  // namespace
}  // namespace properties
