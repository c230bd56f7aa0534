// Law<World>: one invariant, as a function that tries it on a world: a dispatcher, a subject, a set of
// functions. A law draws from a ChoiceSource, some laws a whole case first, and returns whether it held, was
// broken, or was not tried, and why. laws.cpp runs every law over many draws: it must hold in each sound
// world, must be tried in at least `floor` of the draws, and must be broken in each of its broken worlds.
//
// A file of laws declares them with one namespace-scope constant, and no list names it:
//   const DeclaredLaws<World> laws_of_something{{rows...}, {sound worlds...}};
#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"

namespace properties {

using corpora::Case;
using corpora::ChoiceSource;

// The result of one attempt.
struct Tried {
  enum class Answer : uint8_t { held, broken, not_tried };
  Answer answer = Answer::held;
  std::string what;         // broken: what is wrong; not tried: why
  corpora::Path path = {};  // broken: the path that shows it, for the header of the printed case
};
inline Tried held() { return {}; }
inline Tried broken(std::string what, corpora::Path path = {}) {
  return {Tried::Answer::broken, std::move(what), std::move(path)};
}
inline Tried not_tried(std::string why) { return {Tried::Answer::not_tried, std::move(why)}; }
inline Tried held_if(bool holds, std::string what) { return holds ? held() : broken(std::move(what)); }

// How a law is tried. If it draws a case, a failure shrinks that case.
template <class World>
struct Attempt {
  Attempt(Tried (*run)(World&, ChoiceSource&))
      : attempt([run](World& world, const Case&, ChoiceSource& choices) { return run(world, choices); }) {}
  Attempt(Case (*drawn)(World&, ChoiceSource&), Tried (*run)(World&, const Case&, ChoiceSource&))
      : draw(drawn), attempt(run) {}

  std::function<Case(World&, ChoiceSource&)> draw;
  std::function<Tried(World&, const Case&, ChoiceSource&)> attempt;
};

template <class World>
struct NamedWorld {
  std::string_view name;  // of a broken world: the mistake in it
  std::function<std::unique_ptr<World>()> make;
};

// The broken world in which `function`, a member of the world, is `wrong`.
template <class World, class Function>
NamedWorld<World> with(std::string_view mistake, Function World::* function,
                       std::type_identity_t<Function> wrong) {
  return {mistake, [=] {
            auto world = std::make_unique<World>();
            (*world).*function = wrong;
            return world;
          }};
}

template <class World>
struct Law {
  int number;             // INV-nn of the list of invariants
  std::string_view name;  // in PascalCase
  std::string_view sentence;
  double floor;  // the share of draws in which it must be tried: about half of the measured share
  Attempt<World> attempt;
  std::vector<NamedWorld<World>> broken;
};

// A law in one world that has been built.
struct BoundLaw {
  std::function<Case(ChoiceSource&)> draw;  // empty: the law draws no case
  std::function<Tried(const Case&, ChoiceSource&)> attempt;
  const corpora::Catalog* catalog;  // of the operators in drawn cases
};

// A law and its worlds, without their type. Opening a world builds it.
struct AnyLaw {
  struct InWorld {
    std::string_view name;
    std::function<BoundLaw()> open;
  };
  std::string name;  // "INV_31_ZerosAreRead"
  int number;
  std::string_view sentence;
  double floor;
  std::vector<InWorld> sound, broken;
};

std::vector<AnyLaw> all_laws();  // every declared law, by name
void declare(AnyLaw law);
const corpora::Catalog& no_operators();  // for worlds whose cases are dispatch programs, or which draw none

// Declares laws, each in these sound worlds.
template <class World>
struct DeclaredLaws {
  DeclaredLaws(const std::vector<Law<World>>& laws, const std::vector<NamedWorld<World>>& sound) {
    for (const Law<World>& law : laws) {
      AnyLaw any{
          fmt::format("INV_{:02}_{}", law.number, law.name), law.number, law.sentence, law.floor, {}, {}};
      for (const auto& world : sound) any.sound.push_back(in_world(law.attempt, world));
      for (const auto& world : law.broken) any.broken.push_back(in_world(law.attempt, world));
      declare(std::move(any));
    }
  }

  static AnyLaw::InWorld in_world(const Attempt<World>& attempt, const NamedWorld<World>& in) {
    return {in.name, [attempt, make = in.make] {
              const std::shared_ptr<World> world = make();
              BoundLaw bound;
              if (attempt.draw)
                bound.draw = [attempt, world](ChoiceSource& choices) {
                  return attempt.draw(*world, choices);
                };
              bound.attempt = [attempt, world](const Case& c, ChoiceSource& choices) {
                return attempt.attempt(*world, c, choices);
              };
              if constexpr (requires { world->catalog(); })
                bound.catalog = &world->catalog();
              else
                bound.catalog = &no_operators();
              return bound;
            }};
  }
};

}  // namespace properties
