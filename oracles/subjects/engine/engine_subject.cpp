#include "oracles/subjects/engine/engine_subject.h"

#include <algorithm>
#include <utility>

#include "engine/backends/cpu/blas.h"
#include "engine/backends/cuda/gpu.h"
#include "engine/backends/host_cuda/launch.h"
#include "engine/core/check.h"
#include "engine/core/input_error.h"
#include "engine/dispatch/table_text.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/ops/register_operators.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/dispatch/program_operator.h"
#include "oracles/isolation/child.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/subjects/engine/engine_gradients.h"
#include "oracles/subjects/engine/engine_run.h"
#include "oracles/subjects/engine/engine_thread.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

using engine::DispatchKey;

namespace {

// Here the engine is what is tried: a check of its own that fails is its crash, and no mistake of the tool.
class FailedChecksAreCrashes {
 public:
  FailedChecksAreCrashes() : before_(std::exchange(engine::check_end.exit_status, 0)) {}
  FailedChecksAreCrashes(const FailedChecksAreCrashes&) = delete;
  FailedChecksAreCrashes& operator=(const FailedChecksAreCrashes&) = delete;
  ~FailedChecksAreCrashes() { engine::check_end.exit_status = before_; }

 private:
  int before_;
};

bool changes_geometry(const engine::ops::DeclaredForm& declared) {
  if (!declared.declaration || declared.form != engine::ops::Form::in_place) return false;
  return declared.declaration->kind == engine::ops::OperatorKind::view ||
         declared.declaration->changes_geometry;
}

corpora::Catalog catalog_of(const engine::Dispatcher& dispatcher) {
  std::vector<corpora::Operator> operators{program_operator()};
  for (const engine::Operator& each : dispatcher.operators()) {
    if (!each.has_schema()) continue;
    corpora::Operator op;
    op.schema = each.schema();
    op.name = each.name();
    op.changes_geometry = changes_geometry(engine::ops::declared_form(op.name));
    operators.push_back(std::move(op));
  }
  return corpora::Catalog(std::move(operators));
}

// What the declarations say of arguments, behind what holds for arguments of any operator.
corpora::Domains domains_of(const corpora::Catalog& catalog) {
  std::string text(corpora::Domains::torch_text());
  for (const corpora::Operator& op : catalog.operators()) {
    const engine::ops::DeclaredForm declared = engine::ops::declared_form(op.name);
    if (declared.declaration && !declared.declaration->domain.empty())
      text += "\n" + op.name + " : " + declared.declaration->domain;
  }
  return corpora::Domains::parse(text + "\n", "engine.domains");
}

// Asked in a child: a process that has spoken to CUDA's driver cannot fork any more. So the parent of workers
// never does, and each of them speaks to it for itself.
void require_gpu() {
  lift_address_space_limit();
  IsolatedLimits limits;
  limits.timeout_seconds = 60;
  const ChildAnswer answer = run_in_child(limits, engine::cuda::missing);
  if (answer.death)
    throw engine::InputError("--device", "asking for a GPU ended with " + ending_text(answer.death->side));
  if (!answer.text.empty()) throw engine::InputError("--device", "'cuda' is not here: " + answer.text);
}

// Where this computer computes.
engine::Device computing_device(const std::string& name) {
  const std::optional<engine::Device> device = engine::device_named(name);
  if (device == engine::Device(engine::DeviceType::cuda)) require_gpu();
  for (const engine::DeviceType type :
       {engine::DeviceType::cpu, engine::DeviceType::cuda, engine::DeviceType::host_cuda})
    if (device == engine::Device(type)) return *device;
  throw engine::InputError("--device", "there is no device '" + name + "'; there are: cpu, cuda, host_cuda");
}

}  // namespace

EngineSubject::EngineSubject(const SubjectOptions& options)
    : libraries_(load_engine_libraries(options.load)),  // first: they may declare families
      registrations_(register_engine(dispatcher_)),
      device_(computing_device(options.device)),
      references_(reference::built_in_references()),
      quota_bytes_(static_cast<size_t>(options.memory_mib) << 20) {
  for (LibraryHandle each : libraries_) register_library(each, dispatcher_, references_);
  put_in_plant(options.plant);
  catalog_ = catalog_of(dispatcher_);
  domains_ = domains_of(catalog_);
  for (const corpora::Operator& op : catalog_.operators()) {
    if (!dispatcher_.find(op.name)) continue;  // the operator that stands for dispatch programs
    const engine::Operator handle = dispatcher_.op(op.name);
    const bool composite = handle.reason_at(DispatchKey::CPU) == engine::Reason::composite_implicit;
    bound_.emplace(op.name, BoundOperator{handle, typed_call_of(handle), composite});
  }
  peer_ = std::make_unique<Peer>(catalog_, options.memory_mib);
  engine::cpu::load_blas();
  settle_malloc();
}

EngineSubject::~EngineSubject() = default;

// A mistake of the machine that carries out programs, or of this dispatcher.
void EngineSubject::put_in_plant(const std::string& name) {
  const EnginePlant* plant = engine_plant(name);
  machine_ = name.empty() || plant ? std::make_unique<EngineMachine>() : faulty_dispatcher(name);
  if (!machine_) throw engine::InputError("--plant", "the engine has no planted bug " + name);
  if (!plant) return;
  for (engine::Registration& each : plant->plant(dispatcher_)) registrations_.push_back(std::move(each));
}

const EngineSubject::BoundOperator* EngineSubject::bound(size_t call, const std::string& name) const {
  if (call >= last_.size()) last_.resize(call + 1, nullptr);
  if (last_[call] && last_[call]->first == name) return &last_[call]->second;
  const auto found = bound_.find(name);
  if (found == bound_.end()) return nullptr;
  last_[call] = &*found;
  return &found->second;
}

std::string EngineSubject::refuses(const corpora::Case& c, const corpora::Path& path) const {
  if (Peer::is_asked(path)) return peer_->refuses(c, path);
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
  using corpora::LayerKind;
  if (has_layer(path, LayerKind::grad))
    for (const LayerKind other :
         {LayerKind::zero, LayerKind::zeros, LayerKind::meta, LayerKind::contiguous, LayerKind::wrapped})
      if (has_layer(path, other)) return "gradients are asked for of values where they stand";
  return layers_fault(c, path);
}

Outcome EngineSubject::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  const std::string refusal = refuses(c, path);
  if (!refusal.empty()) throw engine::InputError("", refusal);
  if (Peer::is_asked(path)) return peer_->run(c, image, path);
  Outcome outcome;
  if (!c.program.empty()) {  // the oracle steps through the program; running it by itself shows nothing
    outcome.calls.emplace_back();
    return outcome;
  }
  const EngineThread settled = EngineThread::now();
  const FailedChecksAreCrashes crashes;
  {
    const engine::UseAllocator ours(memory_);
    if (device_.type == engine::DeviceType::cuda)
      CHECK(engine::cuda::missing().empty(), "the GPU is gone: " + engine::cuda::missing());
    DressedForEngine dressed = engine_plan_of(path, device_);
    const engine::host_cuda::UseThreadOrder order(dressed.thread_order);
    const uint8_t pattern =
        dressed.other_pattern ? GuardedMemory::other_pattern : GuardedMemory::usual_pattern;
    memory_.begin_run(pattern, SIZE_MAX);
    dress(dressed, c, image, path);
    std::optional<EngineGradients> gradients;
    if (dressed.grad) gradients.emplace(dispatcher_, dressed, c, image, path);
    memory_.begin_run(pattern, quota_bytes_);
    EngineRun running(*this, c, dressed);
    for (size_t i = 0; i < c.calls.size(); ++i)
      if (!running.call(i, outcome))
        break;
      else if (gradients)
        gradients->seed(i, engine::span_of(running.results_of(i)));
    outcome.reach = running.reach();
    if (gradients && outcome.returned()) outcome.backward = gradients->run();
  }
  if (const EngineThread left = EngineThread::now(); left != settled) {
    outcome.state = {to_string(settled), to_string(left)};
    settled.install();
  }
  return outcome;
}

std::string EngineSubject::table(std::string_view op) const {
  const std::optional<engine::Operator> found = dispatcher_.find(op);
  return found ? engine::table_text(found->entry()) : "";
}

// Behind autograd, which nearly every call passes: what then serves it is what tells calls apart.
Served EngineSubject::served_by(const TraceEntry& call) const {
  constexpr engine::KeySet passed{DispatchKey::AutogradFunctionality, DispatchKey::AutogradOther,
                                  DispatchKey::ADInplaceOrView};
  const DispatchKey key = (engine::KeySet::from_raw(call.keys) - passed).highest_key();
  return {static_cast<uint8_t>(key), dispatcher_.op(call.op).reason_at(key)};
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

std::optional<Accuracy> EngineSubject::accuracy(std::string_view op) const {
  const engine::ops::OperatorDeclaration* declared = engine::ops::declared_form(op).declaration;
  if (!declared && references_.find(op))
    return Accuracy{Tier::t1, 0.5, 0, false, "registered without a tolerance: correctly rounded"};
  if (!declared) return std::nullopt;
  const engine::ops::Tolerance& tolerance = declared->tolerance;
  const auto tier = static_cast<int>(Tier::t0) + static_cast<int>(tolerance.tier);
  return Accuracy{static_cast<Tier>(tier), tolerance.ulps, tolerance.complex_ulps, tolerance.wide_accumulator,
                  tolerance.source};
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
