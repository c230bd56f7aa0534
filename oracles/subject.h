// Subject: one library under test. It lists its operators and runs a case along a path.
// Promises: run() never throws for anything the library does; a fault in the library may still end the
// process, which is why campaigns and Isolated run subjects in children. Not thread-safe.
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
#include "engine/core/accuracy.h"
#include "engine/dispatch/resolution.h"
#include "oracles/compare/divergence.h"
#include "oracles/outcome.h"

namespace reference {
class References;
}

namespace oracles {

class DispatchMachine;

// A path the subject cannot walk for this case ("cannot" is a value): say why, in a few words.
struct Refusal {
  std::string why;
};

// What a subject's declarations say of an operator, where it has declarations.
struct OperatorFacts {
  std::string derivative;             // "formula", "composite" or "none"
  std::vector<engine::DType> dtypes;  // that it takes
  bool zero_rule = false;
};

using engine::Accuracy;

// Which entry of its operator's dispatch table served a traced call, and why it stands there.
struct Served {
  uint8_t key = 0;  // the subject's number of it
  engine::Reason reason = engine::Reason::missing;
};

struct SubjectOptions {
  std::vector<std::string> load;  // operator libraries
  int64_t memory_mib = 256;       // what one run may allocate, beyond its inputs
  std::string device = "cpu";     // engine: where tensors live unless a path says otherwise
  std::string plant = {};         // engine: with this mistake
};

class Subject {
 public:
  virtual ~Subject() = default;

  virtual std::string_view name() const = 0;  // "torch"
  virtual std::string version() const = 0;    // "1.13.1"
  // Where its tensors live on paths that say nothing of it.
  virtual std::string device() const { return "cpu"; }
  virtual const corpora::Catalog& catalog() const = 0;
  // What its schemas do not say of sensible arguments.
  virtual const corpora::Domains& domains() const { return corpora::Domains::torch(); }
  // Operators that the library has and the catalog leaves out, a line each with the reason.
  virtual std::vector<std::string> left_out() const { return {}; }

  // Empty when the subject can run `c` along `path`; otherwise the reason. Cheap: called before each check.
  virtual std::string refuses(const corpora::Case& c, const corpora::Path& path) const = 0;
  // What is known, without a run, to have no kernel on `path`, in a few words; empty: only a run can tell.
  virtual std::string known_gap(const corpora::Case&, const corpora::Path&) const { return {}; }

  virtual Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) = 0;
  // Empty when another library stands ready to run the same programs, along paths with the layer `peer`;
  // otherwise why not. The first call loads it: ask before forking.
  virtual std::string no_peer() { return "the subject has no peer to ask"; }
  // What carries out dispatch programs on this subject's dispatcher; nullptr when nothing can.
  virtual DispatchMachine* dispatch_machine() { return nullptr; }
  // Records every dispatched call in Outcome::trace from now on (costly); off at first.
  virtual void record_trace(bool on) = 0;

  // The operator's dispatch table, one line an entry, each with its reason; empty for an unknown operator.
  virtual std::string table(std::string_view op) const = 0;
  virtual Served served_by(const TraceEntry&) const { return {}; }
  // Nothing where only tables can tell.
  virtual std::optional<OperatorFacts> facts(std::string_view) const { return std::nullopt; }
  // How exact the results of an operator are, of a class of dtypes, from the kernels that a path reaches. Its
  // reason stays valid as long as the subject.
  virtual Accuracy accuracy(std::string_view op, engine::DTypeClass of, const corpora::Path& path) const = 0;
  // Independent computations of its operators; where there are none, nothing.
  virtual const reference::References* references() const { return nullptr; }
  // Whether a ZeroTensor without lazy bits stands for +0; where not, nobody says which zero it stands for.
  virtual bool zeros_are_positive() const { return false; }
  // Whether Meta promises to refuse each layout that computing refuses.
  virtual bool meta_knows_layouts() const { return false; }
  // Names of the dispatch keys in a TraceEntry's set, highest first.
  virtual std::vector<std::string> key_names(uint64_t keys) const = 0;
  virtual std::vector<std::string> all_keys() const = 0;
};

}  // namespace oracles
