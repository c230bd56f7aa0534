// Side: what one of two compared sides did, and what it shows at the place where they differ. Place: that
// place. Both are data: enumerations, numbers, and the error messages of the library under test. Sentences
// are written by divergence_text.cpp and the writers of reports.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "oracles/outcome.h"

namespace oracles {

// The state of an out= tensor before the call.
enum class OutState : uint8_t {
  none,        // in-place: there is no out
  exact,       // sizes and dtype of the functional result, contiguous
  strided,     // every second element of a longer storage; the call must not write the others
  transposed,  // column-major: dense, its strides reversed
  empty,       // no elements: the call must resize it
  wider,       // a wider dtype that can hold every value of the result
  narrower,  // a dtype that the result cannot be cast to (float to integer, complex to real, integer to bool)
  shared,    // an argument itself, with the sizes and dtype of the result
  overlapping  // the memory of such an argument, shifted by one element
};
std::string_view name_of(OutState state);
std::optional<OutState> out_state_named(std::string_view name);

// Where two sides may differ.
enum class Part : uint8_t {
  call,       // whether and how the call ends
  results,    // the number of results
  result,     // result `index`; of a list, the tensor at `position`
  input,      // input `index` after the call
  storage,    // storage `index`, also outside of the inputs that view it
  out,        // the tensor that the form wrote for result `index`
  between,    // memory between the elements of out `index`
  beside,     // memory just outside a block
  thread,     // the thread's dispatch state
  backward,   // running the recorded program backwards
  gradient,   // the gradients of all storages, along one direction
  forbidden,  // a write after which gradients would be wrong: it must raise
  process,    // the process that runs the call
  // Of a dispatch program, after statement `index`:
  step_error,   // the error that the statement raises
  kernels,      // which kernels ran
  included,     // included keys of the thread
  excluded,     // excluded keys of the thread
  result_keys,  // keys of the returned tensors
  arguments,    // the caller's arguments
  definition,   // whether operator `name` is defined
  table,        // entry `name` of a dispatch table
  rest          // the state after the last statement
};
std::string_view name_of(Part part);
std::optional<Part> part_named(std::string_view name);

struct Place {
  Part part = Part::call;
  int32_t index = -1;
  int32_t position = -1;
  std::optional<engine::Dims> element = {};  // its index in the tensor
  std::string name = {};                     // of an operator or a table's entry

  bool operator==(const Place&) const = default;
};

// How a side ended, or how it should have ended.
enum class End : uint8_t {
  returned,
  raised,         // `error_class` and `message`
  over_memory,    // requested more memory than a case may use
  must_raise,     // expected: the call raises, for the reason `message`
  must_return,    // expected: the call returns
  crashed,        // the process died of `signal`, or exited with `status`
  own_check,      // an internal check of Faultline failed in the process
  out_of_time,    // the process used up its CPU time
  waiting,        // the process waited forever
  out_of_memory,  // the process could not allocate
  killed          // the system killed the process, probably because memory ran out
};
std::string_view name_of(End end);
std::optional<End> end_named(std::string_view name);

// One element of a tensor.
struct Element {
  engine::DType dtype = engine::DType::f32;
  std::array<std::byte, 16> bytes{};
  bool operator==(const Element&) const = default;

  static Element at(engine::DType dtype, const std::byte* from);
  static Element of(double x);  // as f64
  bool is_zero() const;         // also -0
};

// Which tensor a result is, or which memory it views. All -1: a new tensor with memory of its own.
struct Identity {
  int32_t input = -1;    // this input itself
  int32_t out = -1;      // this out itself
  int32_t storage = -1;  // a view of this storage: one of the case or, if `fresh`, one that the run allocated
  bool fresh = false;
  bool operator==(const Identity&) const = default;
};

struct LazyBits {
  bool conj = false, neg = false;
  bool operator==(const LazyBits&) const = default;
};

// What a call changed in a tensor.
enum class Change : uint8_t { none, values, geometry };

struct RequiresGrad {
  bool value = false;
  bool operator==(const RequiresGrad&) const = default;
};

// A word that the subject chooses: a device, a type, a thread's state.
struct Word {
  std::string text;
  bool operator==(const Word&) const = default;
};

// Identifiers in order: kernels of a program, dispatch keys.
using Names = std::vector<std::string>;

// What a side shows at the place. Kind and place determine the alternative. A number is a number of results,
// the length of a list, an offset, or the increase of a version counter.
using Shown = std::variant<std::monostate, Element, engine::Dims, int64_t, engine::DType, Identity, LazyBits,
                           Change, RequiresGrad, Word, Names, corpora::Value>;

struct Side {
  End end = End::returned;
  std::string error_class, message;
  int signal = 0, status = 0;
  std::string last_output;  // of a process that died: its last lines on standard error
  Shown shown;
  std::vector<Result> whole;  // the value or values at the place, cut

  bool raised() const { return end == End::raised || end == End::must_raise; }
  bool died() const { return end >= End::crashed; }
};

Side side_of(const CallOutcome& call);
Side side_showing(Shown shown);
Side side_that(End end, std::string message = {});

// Keeps the first elements of each tensor, as many as reports show.
inline constexpr int64_t elements_kept = 64;
Result cut(Result result);
Result result_of(TensorSnapshot tensor);

// "SIGSEGV".
std::string name_of_signal(int number);

}  // namespace oracles
