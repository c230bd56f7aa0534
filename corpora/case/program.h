// Program: statements for a dispatcher: registrations and their removal, guards of the thread's keys,
// exceptions that unwind guards, and calls whose tensors have given keys. A program uses no operator of a
// catalog: its operators are named by the arguments they take, and a kernel by its registration. So the same
// program runs on any dispatcher, and on rules that describe one. Text form: README.md. Well-formed programs:
// fault_of_program.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/key_set.h"

namespace corpora {

// The operators of programs, one for each way in which arguments can have keys.
enum class ProgramOp : uint8_t { tensor, optional, list, optional_list, in_place, number, generator, any };
inline constexpr size_t program_op_count = 8;
std::string_view name_of(ProgramOp op);    // "optional"
std::string_view schema_of(ProgramOp op);  // "(Tensor x, Tensor? y) -> Tensor"
// How many tensors, optionals or generators a call takes. If the last argument is a list, its elements
// follow.
size_t fixed_arguments(ProgramOp op);
bool takes_list(ProgramOp op);

enum class StatementKind : uint8_t {
  define,     // register kN def OP
  implement,  // register kN impl OP KEY FLAVOUR ACT
  fallback,   // register kN fallback KEY ACT
  drop,       // drop kN: removes a registration
  guard,      // guard gN include|exclude|force {KEYS} [{KEYS}]
  end,        // drop gN: ends a guard, in any order
  unwind,     // throw: an exception ends all open guards, the youngest first
  call        // call boxed|typed [at {KEYS}] OP(ARGUMENTS)
};

// The words of these enumerations in text are in the same order.
enum class Flavour : uint8_t {
  boxed,
  typed,
  other_type
};  // other_type: typed, but not the operator's C++ type
inline constexpr std::array<std::string_view, 3> flavour_words{"boxed", "typed", "other_type"};

// What a kernel does.
enum class Act : uint8_t {
  returns,        // returns its first tensor
  falls_through,  // is registered as a fallthrough
  redispatches,   // redispatches with the call's keys below its own
  recalls,        // calls the operator again, with its own layer excluded by a guard
  throws,         // throws while it holds a guard
  other_tensor,   // boxed: returns the last tensor, even if it should return the written one
  two_results,    // boxed: pushes one result too many
  writes_list     // boxed: changes the list that it was given, and returns
};
inline constexpr std::array<std::string_view, 8> act_words{"returns",     "falls_through", "redispatches",
                                                           "recalls",     "throws",        "other_tensor",
                                                           "two_results", "writes_list"};

enum class GuardKind : uint8_t { include, exclude, force };
inline constexpr std::array<std::string_view, 3> guard_words{"include", "exclude", "force"};

struct ProgramArgument {
  enum class Kind : uint8_t { none, undefined, given };  // given: a tensor with these keys, or a generator
  Kind kind = Kind::none;
  engine::KeySet keys;
  bool operator==(const ProgramArgument&) const = default;
};

struct Statement {
  StatementKind kind = StatementKind::define;
  int32_t number = 0;  // of the registration or guard that this makes or ends
  ProgramOp op = ProgramOp::tensor;
  engine::DispatchKey key = engine::DispatchKey::Undefined;
  Flavour flavour = Flavour::boxed;
  Act act = Act::returns;
  GuardKind guard = GuardKind::include;
  bool typed = false;            // the call is unboxed
  bool redispatch = false;       // the call dispatches by `keys`, not by its arguments' keys
  engine::KeySet keys = {};      // of a guard or a redispatch
  engine::KeySet excluded = {};  // of a force guard
  std::vector<ProgramArgument> arguments = {};
  bool operator==(const Statement&) const = default;

  bool registers() const { return kind <= StatementKind::fallback; }
  bool has_number() const { return kind < StatementKind::unwind; }
};

using Program = std::vector<Statement>;

inline constexpr size_t statements_max = 4096;
inline constexpr int calls_deep_max = 8;             // a kernel nested this deep returns
inline constexpr size_t program_arguments_max = 64;  // of one call

// The operator that represents programs in a catalog: a case with a program is one call of it.
inline constexpr std::string_view program_operator = "dispatch::program";

// Empty if well formed; otherwise one line, and `*at` is the index of the wrong statement.
std::string fault_of_program(const Program& program, size_t* at = nullptr);

// The same statements with registrations and guards numbered in order, without those that end what does not
// exist.
Program renumbered(Program program);

std::string to_text(const Statement& statement);
std::string to_text(engine::KeySet keys);  // "{CPU, AutogradCPU}"

}  // namespace corpora
