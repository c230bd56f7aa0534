// EngineSubject: the engine, with the operators that engine/ops declares. Each subject has its own
// dispatcher: two subjects in one process share only the thread's keys.
#pragma once

#include <unordered_map>

#include "engine/fuser/fuser.h"
#include "oracles/compare/accuracy_rules.h"
#include "oracles/gap_reporter.h"
#include "oracles/subject.h"
#include "oracles/subjects/engine/engine_memory.h"
#include "oracles/subjects/engine/engine_parts.h"
#include "oracles/subjects/engine/engine_typed.h"
#include "oracles/subjects/peer.h"

namespace oracles {

class EngineInputs;

class EngineSubject final : public Subject, public GapReporter {
 public:
  explicit EngineSubject(EngineParts parts = engine_parts());
  ~EngineSubject() override;

  std::string_view name() const override { return "engine"; }
  std::string version() const override { return FAULTLINE_VERSION; }
  std::string device() const override { return engine::to_string(parts_.device); }
  const corpora::Catalog& catalog() const override { return catalog_; }
  const corpora::Domains& domains() const override { return domains_; }

  std::string refuses(const corpora::Case& c, const corpora::Path& path) const override;
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) override;
  void record_trace(bool on) override { tracing_ = on; }
  std::string no_peer() override { return peer_.missing(); }
  DispatchMachine* dispatch_machine() override { return parts_.machine.get(); }

  std::string table(std::string_view op) const override;
  Served served_by(const TraceEntry& call) const override;
  std::optional<OperatorFacts> facts(std::string_view op) const override;
  std::vector<OperatorGap> gaps(std::string_view op) const override;
  const reference::References* references() const override { return &parts_.references; }
  Accuracy accuracy(std::string_view op, engine::DTypeClass of, const corpora::Path& path) const override;
  bool zeros_are_positive() const override { return true; }  // engine/ops/zero_rule.h
  bool meta_knows_layouts() const override { return true; }
  std::vector<std::string> key_names(uint64_t keys) const override;
  std::vector<std::string> all_keys() const override;

  // The case with fake tensors and symbolic sizes, as text: a line for each input and result, then the
  // guards. Ends at a call that raises.
  std::vector<std::string> fake_values(const corpora::Case& c);

  engine::Dispatcher& dispatcher() { return *parts_.dispatcher; }

 private:
  void run_before(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                  const EngineInputs& inputs);
  // With the layer `fused`.
  void run_as_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                    Outcome& outcome);
  // False if one of the first `calls` calls raises: then only that one is in the outcome.
  bool run_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path, size_t calls,
                 Outcome& outcome);
  engine::fuser::Fuser& fuser();
  friend class EngineRun;
  friend class EngineGraphRun;

  struct BoundOperator {
    engine::Operator handle;
    TypedEngineCall typed;  // null when no listed signature is the operator's
    bool composite;         // made of other operators, at every key
  };

  const BoundOperator* bound(size_t call, const std::string& name) const;  // null: there is none

  EngineMemory memory_;  // declared before the dispatcher, which frees tensors when it is destroyed
  EngineParts parts_;
  corpora::Catalog catalog_;
  corpora::Domains domains_;
  AccuracyRules author_;  // of the options
  using Bound = std::unordered_map<std::string, BoundOperator>;
  Bound bound_;  // by name
  mutable std::vector<const Bound::value_type*>
      last_;                                     // by call; caches, because a case runs many times in a row
  std::unique_ptr<engine::fuser::Fuser> fuser_;  // made at the first use
  mutable Peer peer_;                            // loads its library at the first use
  size_t quota_bytes_ = 0;
  bool tracing_ = false;
};

}  // namespace oracles
