#include "oracles/subjects/engine/engine_subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "corpora/case/text.h"
#include "engine/backends/cpu/blas.h"
#include "engine/backends/cuda/gpu.h"
#include "engine/backends/host_cuda/launch.h"
#include "engine/core/check.h"
#include "engine/core/input_error.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/dispatch/table_text.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/ops/register_operators.h"
#include "oracles/subjects/engine/engine_catalog.h"
#include "oracles/subjects/engine/engine_duals.h"
#include "oracles/subjects/engine/engine_gradients.h"
#include "oracles/subjects/engine/engine_graph_run.h"
#include "oracles/subjects/engine/engine_run.h"
#include "oracles/subjects/engine/engine_thread.h"
#include "oracles/subjects/engine/neighbour.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

using engine::DispatchKey;

namespace {

// The engine is under test here, so a failed CHECK in it counts as a crash of the subject, not as an internal
// error of the tool.
class FailedChecksAreCrashes {
 public:
  FailedChecksAreCrashes() : before_(std::exchange(engine::check_end.exit_status, 0)) {}
  FailedChecksAreCrashes(const FailedChecksAreCrashes&) = delete;
  FailedChecksAreCrashes& operator=(const FailedChecksAreCrashes&) = delete;
  ~FailedChecksAreCrashes() { engine::check_end.exit_status = before_; }

 private:
  int before_;
};

// "f32[s0, 3], strides [3, 1], cpu".
std::string fake_text(const engine::Tensor& fake) {
  if (!fake.defined()) return "undefined";
  return fmt::format("{}{}, strides {}, {}", engine::name_of(fake.dtype()),
                     to_string(engine::Value(engine::sym_sizes(fake))),
                     to_string(engine::Value(engine::sym_strides(fake))), engine::to_string(fake.device()));
}

}  // namespace

// The same program in the same fake mode, whose cache of calls it fills.
void EngineSubject::run_before(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                               const EngineInputs& inputs) {
  EngineInputs first(path, parts_.device);
  first.python.fake = inputs.python.fake;
  first.make(c, image, path);
  std::optional<EngineGradients> gradients;
  if (first.grad) gradients.emplace(dispatcher(), first, c, image, path);
  EngineRun running(*this, c, first);
  Outcome outcome;
  for (size_t i = 0; i < c.calls.size(); ++i)
    if (!running.call(i, outcome)) break;
}

EngineSubject::EngineSubject(EngineParts parts)
    : parts_(std::move(parts)),
      catalog_(catalog_of(*parts_.dispatcher)),
      domains_(domains_of(catalog_)),
      author_(AccuracyRules::read(parts_.tolerances, catalog_)),
      peer_(catalog_, parts_.make_peer),
      quota_bytes_(static_cast<size_t>(parts_.memory_mib) << 20) {
  for (const corpora::Operator& op : catalog_.operators()) {
    if (!dispatcher().find(op.name)) continue;  // the operator that represents dispatch programs
    const engine::Operator handle = dispatcher().op(op.name);
    const bool composite = handle.reason_at(DispatchKey::CPU) == engine::Reason::composite_implicit;
    bound_.emplace(op.name, BoundOperator{handle, typed_call_of(handle), composite});
  }
  engine::cpu::load_blas();
  settle_malloc();
}

EngineSubject::~EngineSubject() = default;

const EngineSubject::BoundOperator* EngineSubject::bound(size_t call, const std::string& name) const {
  if (call >= last_.size()) last_.resize(call + 1, nullptr);
  if (last_[call] && last_[call]->first == name) return &last_[call]->second;
  const auto found = bound_.find(name);
  if (found == bound_.end()) return nullptr;
  last_[call] = &*found;
  return &found->second;
}

std::string EngineSubject::refuses(const corpora::Case& c, const corpora::Path& path) const {
  if (Peer::is_requested(path)) return peer_.refuses(c, path);
  if (!c.program.empty()) return path.empty() ? "" : "a dispatch program has no paths";
  const bool typed = has_layer(path, corpora::LayerKind::typed);
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const corpora::Call& call = c.calls[i];
    const BoundOperator* const op = bound(i, call.op);
    if (!op) return "there is no operator " + call.op;
    if (call.arguments.size() != op->handle.schema().arguments.size())
      return "arguments missing for " + call.op;
    if (typed && !op->typed) return "no typed call for the C++ signature of " + call.op;
  }
  return layers_fault(c, path, engine_layers);
}

Outcome EngineSubject::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  const std::string refusal = refuses(c, path);
  if (!refusal.empty()) throw engine::InputError("", refusal);
  if (Peer::is_requested(path)) return peer_.run(c, image, path);
  Outcome outcome;
  if (!c.program.empty()) {  // the oracle runs its steps
    outcome.calls.emplace_back();
    return outcome;
  }
  const EngineThread settled = EngineThread::now();
  const FailedChecksAreCrashes crashes;
  if (has_layer(path, corpora::LayerKind::fused)) {
    run_as_graph(c, image, path, outcome);
  } else {
    const engine::UseAllocator ours(memory_);
    if (parts_.device.type == engine::DeviceType::cuda)
      CHECK(engine::cuda::missing().empty(), "the GPU is not available any more: " + engine::cuda::missing());
    EngineInputs inputs(path, parts_.device);
    const engine::host_cuda::UseThreadOrder order(inputs.thread_order);
    const uint8_t pattern =
        inputs.other_pattern ? GuardedMemory::other_pattern : GuardedMemory::usual_pattern;
    memory_.begin_run(pattern, SIZE_MAX);
    if (inputs.python.runs_before > 0) {
      const corpora::Case neighbour = neighbour_of(c);
      run_before(neighbour, corpora::image_of(neighbour), path, inputs);
    }
    for (int i = 0; i < inputs.python.runs_before; ++i) run_before(c, image, path, inputs);
    inputs.make(c, image, path);
    std::optional<EngineGradients> gradients;
    if (inputs.grad) gradients.emplace(dispatcher(), inputs, c, image, path);
    std::optional<EngineDuals> duals;
    if (inputs.dual >= 0) duals.emplace(dispatcher(), inputs, c);
    const bool records =
        gradients && !inputs.no_grad && !inputs.inference && !inputs.python.fake;  // fakes have no gradients
    memory_.begin_run(pattern, quota_bytes_);
    EngineRun running(*this, c, inputs);
    for (size_t i = 0; i < c.calls.size() && running.call(i, outcome); ++i) {
      if (records) gradients->seed(i, engine::span_of(running.results_of(i)));
      if (duals) duals->after_call(engine::span_of(running.results_of(i)));
    }
    outcome.reach = running.reach();
    inputs.python.note_guards(outcome.state);
    if (records && outcome.returned()) outcome.backward = gradients->run();
    if (duals && outcome.returned()) outcome.backward = duals->tangents();
  }
  if (const EngineThread left = EngineThread::now(); left != settled) {
    outcome.state = {to_string(settled), to_string(left)};
    settled.install();
  }
  return outcome;
}

engine::fuser::Fuser& EngineSubject::fuser() {
  constexpr size_t groups_max = 4096;
  if (!fuser_ || fuser_->group_count() > groups_max)
    fuser_ = std::make_unique<engine::fuser::Fuser>(dispatcher(),
                                                    engine::fuser::FuserSettings{.steps = parts_.fuser});
  return *fuser_;
}

bool EngineSubject::run_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                              size_t calls, Outcome& outcome) {
  using Execution = engine::fuser::FusedProgram::Execution;
  const engine::UseAllocator ours(memory_);
  EngineInputs inputs(path, parts_.device);
  const uint8_t pattern = inputs.other_pattern ? GuardedMemory::other_pattern : GuardedMemory::usual_pattern;
  memory_.begin_run(pattern, SIZE_MAX);
  inputs.make(c, image, path);
  memory_.begin_run(pattern, quota_bytes_);
  const auto number = std::ranges::find(path, corpora::LayerKind::fused, &corpora::Layer::kind)->storage;
  EngineGraphRun running(*this, c, inputs);
  if (number != 0) return running.as_graph(calls, static_cast<Execution>(number - 1), outcome);
  running.call_by_call(outcome);
  return true;
}

// If the program raises, the shortest part of it that raises shows which call does.
void EngineSubject::run_as_graph(const corpora::Case& c, const corpora::Image& image,
                                 const corpora::Path& path, Outcome& outcome) {
  if (run_graph(c, image, path, c.calls.size(), outcome)) return;
  size_t raising = c.calls.size();
  for (size_t calls = 1; calls < raising; ++calls) {
    Outcome part;
    if (run_graph(c, image, path, calls, part)) continue;
    outcome = std::move(part);
    raising = calls;
  }
  outcome.calls.insert(outcome.calls.begin(), raising - 1, CallOutcome());
}

std::vector<std::string> EngineSubject::fake_values(const corpora::Case& c) {
  const corpora::Path path{{corpora::LayerKind::fake, 0}, {corpora::LayerKind::symbolic, 0}};
  if (const std::string why = refuses(c, path); !why.empty()) throw engine::InputError("", why);
  const FailedChecksAreCrashes crashes;
  const engine::UseAllocator ours(memory_);
  EngineInputs inputs(path, parts_.device);
  memory_.begin_run(GuardedMemory::usual_pattern, quota_bytes_);
  inputs.python.shows_symbols = true;
  inputs.make(c, corpora::image_of(c), path);
  std::vector<std::string> lines;
  for (size_t i = 0; i < inputs.inputs.size(); ++i)
    lines.push_back(fmt::format("input {}: {}", i, fake_text(inputs.inputs[i].passed)));
  EngineRun running(*this, c, inputs);
  Outcome outcome;
  for (size_t i = 0; i < c.calls.size(); ++i) {
    if (!running.call(i, outcome)) {
      lines.push_back(fmt::format("call {}, {}: raises {}", i, c.calls[i].op, outcome.calls[i].message));
      break;
    }
    for (const engine::Tensor& result : running.results_of(i))
      lines.push_back(fmt::format("call {}, {}: {}", i, c.calls[i].op, fake_text(result)));
    if (running.results_of(i).empty())
      for (const Result& result : outcome.calls[i].results)
        lines.push_back(fmt::format("call {}, {}: {}", i, c.calls[i].op, corpora::to_text(result.plain)));
  }
  for (const std::string& guard : inputs.python.shapes->guard_texts()) lines.push_back("guard: " + guard);
  return lines;
}

std::string EngineSubject::table(std::string_view op) const {
  const std::optional<engine::Operator> found = parts_.dispatcher->find(op);
  return found ? engine::table_text(found->entry()) : "";
}

// Nearly every call passes autograd, so the entry below autograd is the one that distinguishes calls, unless
// autograd's is a composite kernel: then no key below it serves the call.
Served EngineSubject::served_by(const TraceEntry& call) const {
  constexpr engine::KeySet autograd{DispatchKey::AutogradFunctionality, DispatchKey::AutogradOther};
  constexpr engine::KeySet passed = autograd | engine::KeySet{DispatchKey::ADInplaceOrView};
  const engine::KeySet keys = engine::KeySet::from_raw(call.keys);
  const engine::Operator op = parts_.dispatcher->op(call.op);
  const auto at = [&](engine::KeySet part) {
    const DispatchKey key = part.highest_key();
    return Served{static_cast<uint8_t>(key), op.reason_at(key)};
  };
  if (const engine::KeySet above = keys & autograd; !above.empty())
    if (const Served served = at(above); served.reason == engine::Reason::composite_implicit) return served;
  return at(keys - passed);
}

std::optional<OperatorFacts> EngineSubject::facts(std::string_view op) const {
  using namespace engine::ops;
  const OperatorDeclaration* declared = declared_form(op).declaration;
  if (!declared) return std::nullopt;
  OperatorFacts facts;
  const bool composite = declared->kind == OperatorKind::composite;
  facts.derivative = composite ? "composite" : declared->derivative ? "formula" : "none";
  for (const engine::DType dtype : engine::all_dtypes)
    if (declared->dtypes.has(dtype)) facts.dtypes.push_back(dtype);
  facts.zero_rule = static_cast<bool>(declared->zero);
  return facts;
}

// A declaration brings kernels for CPU and Meta; an operator of a schema and kernels may lack them.
std::vector<OperatorGap> EngineSubject::gaps(std::string_view op) const {
  const std::optional<engine::Operator> found = parts_.dispatcher->find(op);
  if (!found) return {};
  const std::optional<OperatorFacts> declared = facts(op);
  const std::string name(op.substr(op.find("::") + 2));
  const auto is_missing = [&](DispatchKey key) {
    const engine::Reason reason = found->reason_at(key);
    return reason == engine::Reason::missing || reason == engine::Reason::backend_fallback;
  };
  const auto line = [&](DispatchKey key) {
    return fmt::format("library.impl(\"{}\", DispatchKey::{}, ...);", name, engine::name_of(key));
  };
  std::vector<OperatorGap> gaps;
  if (is_missing(DispatchKey::CPU)) gaps.push_back({Gap::cpu_kernel, line(DispatchKey::CPU), {}});
  const auto* const declaration = engine::ops::declared_form(op).declaration;
  const bool needs_data = declaration && declaration->needs_data;  // no Meta kernel is possible
  if (!needs_data && is_missing(DispatchKey::Meta))
    gaps.push_back({Gap::meta_kernel, line(DispatchKey::Meta), {}});
  if (declared && declared->derivative == "none")
    gaps.push_back({Gap::autograd_formula, "the .derivative of its declaration", {}});
  if (!declared && is_missing(DispatchKey::AutogradCPU))
    gaps.push_back({Gap::autograd_formula, line(DispatchKey::Autograd), {}});
  return gaps;
}

Accuracy EngineSubject::accuracy(std::string_view op, engine::DTypeClass of,
                                 const corpora::Path& path) const {
  if (const auto stated = author_.stated(op, of)) return *stated;
  if (Peer::is_requested(path)) return peer_.accuracy(op, of);
  const std::optional<engine::Operator> found = parts_.dispatcher->find(op);
  return found ? found->accuracy() : engine::accuracy::undeclared;
}

std::vector<std::string> EngineSubject::key_names(uint64_t keys) const {
  std::vector<std::string> names;
  for (const DispatchKey key : engine::KeySet::from_raw(keys).keys())
    names.emplace_back(engine::name_of(key));
  std::reverse(names.begin(), names.end());
  return names;
}

std::vector<std::string> EngineSubject::all_keys() const { return key_names(engine::KeySet::full().raw()); }

}  // namespace oracles
