// Outcome: everything observable of one run of a case: what each call returned or raised and changed in the
// inputs, the thread's state, and the dispatch trace. Plain data: comparing outcomes needs no subject.
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

// A tensor after a call. Values are logical: in row-major order, with conj and neg bits resolved, and zeros
// for a ZeroTensor.
struct TensorSnapshot {
  bool defined = true;
  bool opaque = false;    // an unsupported layout or dtype (sparse, quantized, ...): `type_name` only
  std::string type_name;  // of opaque tensors
  engine::DType dtype = engine::DType::f32;
  std::string device = "cpu";
  engine::Dims sizes;
  engine::Dims strides;
  int64_t offset = 0;
  bool conj = false, neg = false, zero = false, meta = false;
  bool requires_grad = false;
  // The index of the case's storage, or storages.size() + k for the k-th fresh storage in order of
  // appearance.
  int32_t storage = -1;
  int32_t same_as_input = -1;  // the input that is the same tensor object, or -1
  bool has_values = false;     // false on meta, opaque and undefined tensors
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

// A change of one input by a call.
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
  over_memory       // requested more memory than a case may use
};

// The cause of an error, from its class or from a message of the library under test, never from a message of
// an operator's author. If neither tells the cause it is `unknown`, and oracles decide by experiments.
enum class ErrorCause : uint8_t {
  unknown,
  missing_kernel,  // the device or the build lacks a kernel for these arguments
  missing_dtype,   // the error claims that the kernel does not support the dtype
  values,          // elements or numbers for which there is no result
  no_data,         // the call needs elements of a tensor that has none (Meta)
  layout           // strides, overlap or memory format
};

// The thread's dispatch state as text. A call must not change it.
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
  std::vector<int32_t> changed_storages;  // also those that changed outside of all inputs
  int warnings = 0;
  bool generator_used = false;
  bool guard_damaged = false;  // memory just outside a block was written
};

// One dispatched call of the trace, which is in order and includes nested calls.
struct TraceEntry {
  std::string_view op;  // qualified name; lives as long as the subject
  uint64_t keys = 0;    // effective key set, the subject's bits
  int depth = 0;
  std::vector<Result> arguments = {};  // if requested, as they were before the call
};

// Which kernels served the dispatch keys of the path's layers (design: reach).
enum class Reach : uint8_t { none, fallback, own, fallthrough, bypassed };

// The result of the backward pass along a path with the layer `grad`: for each storage of the case the
// gradient of its elements, or an undefined tensor. Each result of each call, as it was right after the call,
// had its cotangent (cotangents.h).
struct BackwardOutcome {
  Status status = Status::returned;
  std::string error_class;
  std::string message;
  std::vector<TensorSnapshot> gradients;
};

struct Outcome {
  std::vector<CallOutcome> calls;  // the last one may not have returned
  ThreadState state;
  std::vector<TraceEntry> trace;            // if requested
  Reach reach = Reach::none;                // of the keys of the path's layers
  std::optional<BackwardOutcome> backward;  // along `grad`, if every call returned

  bool returned() const { return !calls.empty() && calls.back().status == Status::returned; }
  const CallOutcome& last() const { return calls.back(); }
};

}  // namespace oracles
