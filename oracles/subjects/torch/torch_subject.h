// TorchSubject: real PyTorch, through libtorch's dispatcher. One object per process: libtorch is a singleton.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include "oracles/compare/accuracy_rules.h"
#include "oracles/gap_reporter.h"
#include "oracles/subject.h"
#include "oracles/subjects/torch/device_memory.h"
#include "oracles/subjects/torch/operators.h"
#include "oracles/subjects/torch/program_machine.h"
#include "oracles/subjects/torch/surroundings.h"
#include "oracles/subjects/torch/trace.h"

namespace oracles::aten {

class TorchSubject final : public Subject, public GapReporter {
 public:
  explicit TorchSubject(const SubjectOptions& options);

  std::string_view name() const override { return "torch"; }
  std::string version() const override;
  std::string device() const override { return device_; }
  // Why no tensor can be on its device; or empty. Initialises the device: call it in a child.
  std::string fault_of_device() const { return home_.is_cpu() ? "" : device_fault(home_); }
  Toolchain toolchain() const override;
  const corpora::Catalog& catalog() const override { return operators_.catalog(); }
  std::vector<std::string> left_out() const override { return operators_.left_out(); }

  std::string refuses(const corpora::Case& c, const corpora::Path& path) const override;
  std::string known_gap(const corpora::Case& c, const corpora::Path& path) const override;
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) override;
  DispatchMachine* dispatch_machine() override { return &machine_; }
  void record_trace(bool on) override { tracing_ = on; }
  void record_arguments(bool on) override { with_arguments_ = on; }

  std::string table(std::string_view op) const override;
  Served served_by(const TraceEntry& call) const override;
  std::vector<OperatorGap> gaps(std::string_view op) const override;
  Accuracy accuracy(std::string_view op, engine::DTypeClass of, const corpora::Path&) const override {
    const auto stated = author_.stated(op, of);
    return stated ? *stated : AccuracyRules::torch().find(op, of);
  }
  std::vector<std::string> key_names(uint64_t keys) const override;
  std::vector<std::string> all_keys() const override;

 private:
  friend class TorchRun;
  friend class GraphRun;

  void run_once(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                Outcome& outcome);
  bool run_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path, size_t calls,
                 int smallest_group, Outcome& outcome);
  void run_as_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                    Outcome& outcome);
  bool writes_shared_input(const corpora::Case& c) const;

  Surroundings surroundings_;
  std::string device_;
  c10::Device home_;  // of all tensors, unless a path says otherwise
  Operators operators_;
  AccuracyRules author_;  // of the options
  Tracer tracer_;
  C10Machine machine_;
  size_t quota_bytes_ = 0;
  bool tracing_ = false, with_arguments_ = false;
};

}  // namespace oracles::aten

// The entry point of this plug-in. On failure it returns nullptr and writes two lines to `error`: `where` and
// `what` of an InputError.
extern "C" oracles::Subject* faultline_make_torch_subject(const oracles::SubjectOptions* options,
                                                          std::string* error);
// In a child: why the subject's device cannot be used; or empty.
extern "C" void faultline_torch_device_fault(const oracles::Subject* subject, std::string* fault);
