// Outcome: everything observable of one run of a case: per call what it returned or raised, what it did to
// the inputs, which thread state it left, and the dispatch trace. Plain data: comparing outcomes needs no
// subject.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpora/case/value.h"
#include "engine/core/dtype.h"
#include "engine/core/shape.h"

namespace oracles {

// A tensor as seen after a call. Values are logical: in row-major order, conj and neg bits resolved, a
// ZeroTensor read as zeros.
struct TensorSnapshot {
  bool defined = true;
  bool opaque = false;    // a layout or dtype we do not model (sparse, quantized, ...): `type_name` only
  std::string type_name;  // of opaque tensors
  engine::DType dtype = engine::DType::f32;
  std::string device = "cpu";
  engine::Dims sizes;
  engine::Dims strides;
  int64_t offset = 0;
  bool conj = false, neg = false, zero = false, meta = false;
  bool requires_grad = false;
  // Which memory: the case's storage index, or storages.size() + k for the k-th fresh storage in order of
  // appearance.
  int32_t storage = -1;
  // Which tensor object: the input whose tensor it is, or -1.
  int32_t same_as_input = -1;
  bool has_values = false;  // false on meta, opaque and undefined tensors
  std::vector<std::byte> values;
};

// One returned value: a tensor, a list, or a plain value (numbers, strings, None ...).
struct Result {
  enum class Kind : uint8_t { tensor, list, plain };
  Kind kind = Kind::plain;
  TensorSnapshot tensor;
  std::vector<Result> list;
  corpora::Value plain;
};

// What a call did to one input of the case. Only changed inputs are recorded.
struct InputChange {
  int32_t input = 0;
  bool values_changed = false;
  bool geometry_changed = false;
  int64_t version_delta = 0;
  TensorSnapshot after;
};

enum class Status : uint8_t {
  returned,
  raised,           // the subject's error: class and message
  not_implemented,  // the not-implemented class of error: a gap
  over_memory       // asked for more memory than the case may have
};

// What an error is about, as far as its class says so, or as the library under test says in words of its own.
// An operator's author chooses neither: where only an author's words could say it, it is `unknown`, and
// oracles decide by experiment.
enum class ErrorCause : uint8_t {
  unknown,
  missing_kernel,  // the device or the build lacks a kernel for these arguments
  missing_dtype,   // claims that a kernel lacks the dtype: true when the call returns for another dtype
  values,          // elements or numbers for which there is no result
  no_data,         // needs elements of a tensor that has none (Meta)
  layout           // strides, overlap or memory format
};

// The thread's dispatch state, before and after, by name; equal unless a call leaked something.
struct ThreadState {
  std::string before;
  std::string after;
};

struct CallOutcome {
  Status status = Status::returned;
  std::string error_class;  // "IndexError", "RuntimeError", "InternalAssert", ...
  std::string message;      // first line
  ErrorCause cause = ErrorCause::unknown;
  std::vector<Result> results;
  std::vector<InputChange> changes;       // by ascending input, also of calls that raised
  std::vector<int32_t> changed_storages;  // also where no input looks
  int warnings = 0;
  bool generator_used = false;
  bool guard_damaged = false;  // memory just outside a block was written
};

// One dispatched call seen by the trace, in order, nested ones included.
struct TraceEntry {
  std::string_view op;  // qualified name; lives as long as the subject
  uint64_t keys = 0;    // effective key set, the subject's bits
  int depth = 0;
};

// How the layers' dispatch keys were met in a run (design: reach). A bit set for each dressed key kind.
enum class Reach : uint8_t { none, fallback, own, fallthrough, bypassed };

// What running a program backwards gave, along the path layer `grad`: for each storage of the case, flat, the
// gradient of its elements; undefined where none arrived. Each result of each call had its cotangent
// (cotangents.h) as it was right after the call.
struct BackwardOutcome {
  Status status = Status::returned;
  std::string error_class;
  std::string message;
  std::vector<TensorSnapshot> gradients;
};

struct Outcome {
  std::vector<CallOutcome> calls;  // ends with the first that did not return
  ThreadState state;
  std::vector<TraceEntry> trace;            // only when asked for
  Reach reach = Reach::none;                // of the path's dressing key; none on direct runs
  std::optional<BackwardOutcome> backward;  // along `grad`, when every call returned

  bool returned() const { return !calls.empty() && calls.back().status == Status::returned; }
  const CallOutcome& last() const { return calls.back(); }
};

}  // namespace oracles
