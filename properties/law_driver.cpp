#include "properties/law_driver.h"

#include <rapidcheck.h>

#include <ostream>

#include "corpora/case/simpler.h"
#include "corpora/case/text.h"

namespace properties {

namespace {

// A shrunk example keeps the seed of the law's own choices.
struct Example {
  uint64_t seed = 0;
  Case c;
};
void showValue(const Example& example, std::ostream& to) { to << "seed " << example.seed; }

Example drawn(const BoundLaw& law, uint64_t seed) {
  corpora::PhiloxChoices choices(seed, 0, 0);
  return {seed, law.draw ? law.draw(choices) : Case()};
}

Tried attempt(const BoundLaw& law, const Example& example) {
  corpora::PhiloxChoices choices(example.seed, 1, 0);
  return law.attempt(example.c, choices);
}

std::vector<Example> simpler_examples(const BoundLaw& law, const Example& example) {
  std::vector<Example> smaller;
  if (law.draw)
    for (Case& c : corpora::simpler(example.c, *law.catalog)) smaller.push_back({example.seed, std::move(c)});
  return smaller;
}

rc::Gen<Example> examples(const BoundLaw& law) {
  return [&law](const rc::Random& random, int) {
    rc::Random source = random;
    return rc::shrinkable::shrinkRecur(drawn(law, source.next()), [&law](const Example& example) {
      return rc::seq::fromContainer(simpler_examples(law, example));
    });
  };
}

std::string report(const BoundLaw& law, const Example& example, const Tried& tried) {
  if (!law.draw) return tried.what;
  Case shown = example.c;
  shown.header.subject = "engine";
  shown.header.path = tried.path;
  return tried.what + "\n" + corpora::to_text(shown);
}

}  // namespace

std::string to_string(const Count& count) {
  std::string text = fmt::format("tried in {} of {} draws", count.tried, count.draws);
  for (const auto& [why, times] : count.not_tried) text += fmt::format("; {} times not: {}", times, why);
  return text;
}

bool holds(const BoundLaw& law, const std::string& sentence, Count& count) {
  return rc::check(sentence, [&] {
    const Example example = *examples(law);
    const Tried tried = attempt(law, example);
    if (tried.answer == Tried::Answer::broken) RC_FAIL(report(law, example, tried));
    ++count.draws;
    if (tried.answer == Tried::Answer::held)
      ++count.tried;
    else
      ++count.not_tried[tried.what];
  });
}

bool is_broken(const BoundLaw& law, uint64_t draws) {
  for (uint64_t seed = 0; seed < draws; ++seed)
    if (attempt(law, drawn(law, seed)).answer == Tried::Answer::broken) return true;
  return false;
}

}  // namespace properties
