// Side: what one of two compared sides did, and what it shows where they differ. Place: where that is.
// Both are data: enumerations, numbers and the library's own error texts. Sentences are made of them in
// divergence_text.cpp and by the writers of reports; nothing reads a sentence back.
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
  strided,     // every second element of a longer storage, whose other elements must stay
  transposed,  // column-major: dense, its strides reversed
  empty,       // no elements: to be resized
  wider,       // a wider dtype that every result value can be cast to
  narrower,  // a dtype that the result cannot be cast to (float to integer, complex to real, integer to bool)
  shared,    // the very tensor that an argument is, of the result's sizes and dtype
  overlapping  // memory of such an argument, one element further on
};
std::string_view name_of(OutState state);
std::optional<OutState> out_state_named(std::string_view name);

// What two sides are compared in.
enum class Part : uint8_t {
  call,       // whether and how the call ends
  results,    // the number of results
  result,     // result `index`; of a list, the tensor at `position`
  input,      // input `index` after the call
  storage,    // storage `index`, also where no input shows it
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
  rest          // what is left after the last statement
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

// How a side came to its end, or how it should have.
enum class End : uint8_t {
  returned,
  raised,         // `error_class` and `message`
  over_memory,    // asked for more memory than a case may have
  must_raise,     // nothing ran: the call has to raise, `message` says why
  must_return,    // nothing ran: the call has to return
  crashed,        // the process died of `signal`, or exited with `status`
  own_check,      // a check of Faultline's own failed in the process
  out_of_time,    // the process used up its CPU time
  waiting,        // the process waited without end
  out_of_memory,  // the process could not allocate
  killed          // the system killed it, as it does when memory runs out
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
  // Zero, whatever its signs.
  bool is_zero() const;
};

// What a tensor is, or which memory it is in. All -1: a tensor with memory of its own.
struct Identity {
  int32_t input = -1;    // it is this input itself
  int32_t out = -1;      // it is this out itself
  int32_t storage = -1;  // it is in this storage, one of the case's or, fresh, one that the run made
  bool fresh = false;
  bool operator==(const Identity&) const = default;
};

struct LazyBits {
  bool conj = false, neg = false;
  bool operator==(const LazyBits&) const = default;
};

// What happened to memory, or to a tensor's geometry, that a call may have written.
enum class Change : uint8_t { none, values, geometry };

struct RequiresGrad {
  bool value = false;
  bool operator==(const RequiresGrad&) const = default;
};

// A word of the subject's: a device, a type, a thread's state.
struct Word {
  std::string text;
  bool operator==(const Word&) const = default;
};

// Identifiers in order: kernels of a program, dispatch keys.
using Names = std::vector<std::string>;

// What a side shows at the place; which alternative it is follows from kind and place. A number is a count
// of results, a list's length, an offset, or by how much a version counter grew.
using Shown = std::variant<std::monostate, Element, engine::Dims, int64_t, engine::DType, Identity, LazyBits,
                           Change, RequiresGrad, Word, Names, corpora::Value>;

struct Side {
  End end = End::returned;
  std::string error_class, message;
  int signal = 0, status = 0;
  std::string last_output;  // of a process that died: the last lines that it wrote to standard error
  Shown shown;
  std::vector<Result> whole;  // the value or values at the place, tensors cut to their first elements

  bool raised() const { return end == End::raised || end == End::must_raise; }
  bool died() const { return end >= End::crashed; }
};

// The side as the outcome of a call has it; its results are kept.
Side side_of(const CallOutcome& call);
Side side_showing(Shown shown);
Side side_that(End end, std::string message = {});

// With at most as many elements of each tensor as reports show.
inline constexpr int64_t elements_kept = 64;
Result cut(Result result);
Result result_of(TensorSnapshot tensor);

// "SIGSEGV".
std::string name_of_signal(int number);

}  // namespace oracles
