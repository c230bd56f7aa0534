// EngineSubject: our own dispatcher. Dispatch programs run on a dispatcher made for each of them; the
// subject's own holds the engine's operators.
#pragma once

#include "engine/dispatch/dispatcher.h"
#include "oracles/subject.h"
#include "oracles/subjects/engine/dispatch_machine.h"

namespace oracles {

class EngineSubject final : public Subject {
 public:
  explicit EngineSubject(const SubjectOptions& options);

  std::string_view name() const override { return "engine"; }
  std::string version() const override { return FAULTLINE_VERSION; }
  const corpora::Catalog& catalog() const override { return catalog_; }

  std::string refuses(const corpora::Case& c, const corpora::Path& path) const override;
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) override;
  void record_trace(bool) override {}
  DispatchMachine* dispatch_machine() override { return machine_.get(); }

  std::string table(std::string_view op) const override;
  std::vector<std::string> key_names(uint64_t keys) const override;
  std::vector<std::string> all_keys() const override;

 private:
  engine::Dispatcher dispatcher_;
  corpora::Catalog catalog_;
  std::unique_ptr<DispatchMachine> machine_;
};

}  // namespace oracles
