// Program: what a dispatcher is told and asked, step by step: registrations and drops, guards of the
// thread's keys, exceptions that leave them, and calls whose tensors carry given keys. It belongs to no
// operator of a catalog: operators are named by the arguments they take, and a kernel by the registration
// that brought it. So the same program runs on any dispatcher, and on rules that only describe one.
// Text form: README.md. What makes one well formed: fault_of_program.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/key_set.h"

namespace corpora {

// The operators of programs, one for each way in which arguments can carry keys.
enum class ProgramOp : uint8_t { tensor, optional, list, optional_list, in_place, number, generator, any };
inline constexpr size_t program_op_count = 8;
std::string_view name_of(ProgramOp op);    // "optional"
std::string_view schema_of(ProgramOp op);  // "(Tensor x, Tensor? y) -> Tensor"
// How many arguments a call writes; -1: a list, of any number of elements after `program_fixed` others.
bool takes_list(ProgramOp op);
size_t fixed_arguments(ProgramOp op);

enum class StatementKind : uint8_t {
  define,      // register kN def OP
  implement,   // register kN impl OP KEY FLAVOUR ACT
  fallback,    // register kN fallback KEY ACT
  drop,        // drop kN: takes a registration back
  guard,       // guard gN include|exclude|force {KEYS} [{KEYS}]
  end,         // drop gN: ends a guard, in whatever order
  throw_away,  // throw: an exception leaves all guards that are open, the youngest first
  call         // call boxed|typed [at {KEYS}] OP(ARGUMENTS)
};

enum class Flavour : uint8_t { boxed, typed, other_type };  // other_type: typed, with another C++ type
enum class Act : uint8_t {
  returns,        // the first tensor that it is given
  falls_through,  // is registered as a fallthrough
  redispatches,   // goes on with the call's keys below its own
  recalls,        // calls the operator again, with its own layer excluded by a guard
  throws,         // inside a guard
  other_tensor,   // boxed: returns the last tensor, also where it should return the written one
  two_results,    // boxed: pushes one result too many
  writes_list     // boxed: changes the list that it was given, and returns
};
enum class GuardKind : uint8_t { include, exclude, force };

struct ProgramArgument {
  enum class Kind : uint8_t { none, undefined, given };  // given: a tensor with these keys, or a generator
  Kind kind = Kind::none;
  engine::KeySet keys;
  bool operator==(const ProgramArgument&) const = default;
};

struct Statement {
  StatementKind kind = StatementKind::define;
  int32_t number = 0;  // of the registration or guard that this makes, drops or ends
  ProgramOp op = ProgramOp::tensor;
  engine::DispatchKey key = engine::DispatchKey::Undefined;
  Flavour flavour = Flavour::boxed;
  Act act = Act::returns;
  GuardKind guard = GuardKind::include;
  bool typed = false;       // a call with C++ types
  bool redispatch = false;  // a call that goes by `keys`
  engine::KeySet keys;      // of a guard or a redispatch
  engine::KeySet excluded;  // of a force guard
  std::vector<ProgramArgument> arguments;
  bool operator==(const Statement&) const = default;

  bool registers() const { return kind <= StatementKind::fallback; }
};

using Program = std::vector<Statement>;

inline constexpr size_t statements_max = 4096;
inline constexpr int calls_deep_max = 8;             // a kernel that deep returns instead of going on
inline constexpr size_t program_arguments_max = 64;  // of one call

// The pseudo operator that stands for programs in a catalog: a case with a program is one call of it.
inline constexpr std::string_view program_operator = "dispatch::program";

// Empty when well formed; else one line. `at`, where given, becomes the statement it is about.
std::string fault_of_program(const Program& program, size_t* at = nullptr);

// The same statements with registrations and guards numbered in order; those that drop what is not there, or
// is gone by then, are left out.
Program renumbered(Program program);

// A statement as it stands in a file.
std::string to_text(const Statement& statement);
std::string to_text(engine::KeySet keys);  // "{CPU, AutogradCPU}"

}  // namespace corpora
