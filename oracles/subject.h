// Subject: one library under test. It lists its operators and runs a case along a path.
// Promises: run() never throws because of the library. A crash of the library ends the process, so campaigns
// and Isolated run subjects in child processes. Not thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/image.h"
#include "corpora/case/path.h"
#include "corpora/domains/domains.h"
#include "engine/dispatch/resolution.h"
#include "oracles/compare/accuracy.h"
#include "oracles/compare/divergence.h"
#include "oracles/outcome.h"

namespace reference {
class References;
}

namespace oracles {

class DispatchMachine;

// What a subject's declarations say about an operator.
struct OperatorFacts {
  std::string derivative;             // "formula", "composite" or "none"
  std::vector<engine::DType> dtypes;  // the supported ones
  bool zero_rule = false;
};

// The dispatch table entry that served a traced call, and its reason.
struct Served {
  uint8_t key = 0;  // the subject's number of the key
  engine::Reason reason = engine::Reason::missing;
};

struct SubjectOptions {
  std::vector<std::string> load;             // operator libraries
  int64_t memory_mib = 256;                  // what one run may allocate in addition to its inputs
  std::string device = "cpu";                // engine: the default device
  std::string plant = {};                    // engine: the planted bug
  std::vector<std::string> tolerances = {};  // files of accuracies, which come before the declared ones
};

// With what a reproducer runs on the same library. Empty: the machine's own Python, and no further flags.
struct Toolchain {
  std::string python;     // an interpreter whose torch is this library
  std::string cpp_flags;  // of a C++ compiler: where the headers and libraries are
};

class Subject {
 public:
  virtual ~Subject() = default;

  virtual std::string_view name() const = 0;  // "torch"
  virtual std::string version() const = 0;    // "1.13.1"
  virtual Toolchain toolchain() const { return {}; }
  // The default device of its tensors.
  virtual std::string device() const { return "cpu"; }
  virtual const corpora::Catalog& catalog() const = 0;
  // The domains of arguments, which schemas do not tell.
  virtual const corpora::Domains& domains() const { return corpora::Domains::torch(); }
  // Operators of the library that the catalog omits, one line each with the reason.
  virtual std::vector<std::string> left_out() const { return {}; }

  // Why the subject cannot run `c` along `path`, or empty. Cheap: called before each check.
  virtual std::string refuses(const corpora::Case& c, const corpora::Path& path) const = 0;
  // What has no kernel on `path`, if that is known without a run; otherwise empty.
  virtual std::string known_gap(const corpora::Case&, const corpora::Path&) const { return {}; }

  virtual Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) = 0;
  // Why no other library can run the same programs, along paths with the layer `peer`; or empty. The first
  // call loads that library: call it before a fork.
  virtual std::string no_peer() { return "the subject has no peer"; }
  // Runs dispatch programs on this subject's dispatcher; nullptr if it cannot.
  virtual DispatchMachine* dispatch_machine() { return nullptr; }
  // Whether to record all dispatched calls in Outcome::trace (slow); off at first.
  virtual void record_trace(bool on) = 0;
  // Whether a recorded trace also has the arguments of each call (slower); off at first.
  virtual void record_arguments(bool) {}

  // The operator's dispatch table, one line per entry, with its reason; empty for an unknown operator.
  virtual std::string table(std::string_view op) const = 0;
  virtual Served served_by(const TraceEntry&) const { return {}; }
  // Empty if the subject has no declarations.
  virtual std::optional<OperatorFacts> facts(std::string_view) const { return std::nullopt; }
  // The accuracy of an operator's results of a class of dtypes, for the kernels that run on a path. Its
  // reason is valid as long as the subject.
  virtual Accuracy accuracy(std::string_view op, engine::DTypeClass of, const corpora::Path& path) const = 0;
  // Independent computations of its operators, or nullptr.
  virtual const reference::References* references() const { return nullptr; }
  // Whether the zeros of a ZeroTensor without lazy bits are +0; if not, their sign is unspecified.
  virtual bool zeros_are_positive() const { return false; }
  // Whether Meta kernels reject every layout that the other kernels reject.
  virtual bool meta_knows_layouts() const { return false; }
  // Names of the dispatch keys in a TraceEntry's set, highest first.
  virtual std::vector<std::string> key_names(uint64_t keys) const = 0;
  virtual std::vector<std::string> all_keys() const = 0;
};

}  // namespace oracles
