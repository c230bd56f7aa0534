#include "oracles/subjects/torch/torch_subject.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "engine/core/input_error.h"
#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/duals.h"
#include "oracles/subjects/torch/failure.h"
#include "oracles/subjects/torch/graph_run.h"
#include "oracles/subjects/torch/libraries.h"
#include "oracles/subjects/torch/missing_kernels.h"
#include "oracles/subjects/torch/python_layers.h"
#include "oracles/subjects/torch/table_reason.h"
#include "oracles/subjects/torch/torch_run.h"
#include "oracles/subjects/torch/version.h"
#include "oracles/trial/effects.h"

namespace oracles::aten {

namespace {

using engine::Reason;

std::vector<std::string> names_of(c10::DispatchKeySet keys) {
  std::vector<std::string> names;
  for (c10::DispatchKey key : keys) names.emplace_back(c10::toString(key));
  std::reverse(names.begin(), names.end());
  return names;
}

// As many threads as the path says, while it lives; otherwise one. Only children run programs: a process that
// has had several threads could not fork.
class Threads {
 public:
  explicit Threads(const corpora::Path& path) {
    for (const corpora::Layer& layer : path)
      if (layer.kind == corpora::LayerKind::threads) set(layer.storage);
  }
  ~Threads() {
    if (changed_) at::set_num_threads(1);
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

 private:
  void set(int count) {
    at::set_num_threads(count);
    changed_ = true;
  }
  bool changed_ = false;
};

}  // namespace

TorchSubject::TorchSubject(const SubjectOptions& options)
    : device_((load_operator_libraries(options.load), options.device)),
      home_(device_named(options.device)),
      operators_(backend_keys(home_)),
      author_(AccuracyRules::read(options.tolerances, operators_.catalog())),
      tracer_(operators_),
      quota_bytes_(static_cast<size_t>(options.memory_mib) << 20) {}

std::string TorchSubject::version() const { return torch_version; }

// A package of Python's is in ENVIRONMENT/lib/python3.N/site-packages/torch. Debian's libtorch is where
// compilers search, and the machine's Python imports it.
Toolchain TorchSubject::toolchain() const {
  namespace fs = std::filesystem;
  Dl_info library{};
  if (dladdr(reinterpret_cast<const void*>(&at::globalContext), &library) == 0 || !library.dli_fname)
    return {};
  std::error_code none;
  const fs::path package = fs::canonical(library.dli_fname, none).parent_path().parent_path();
  const fs::path headers = package / "include";
  if (!fs::exists(headers / "ATen", none) || package == "/usr") return {};
  Toolchain tools;
  tools.cpp_flags = fmt::format("-I{0} -I{0}/torch/csrc/api/include -L{1} -Wl,-rpath,{1}", headers.string(),
                                (package / "lib").string());
  const fs::path python = package.parent_path().parent_path().parent_path().parent_path() / "bin/python3";
  if (fs::exists(python, none)) tools.python = python.string();
  return tools;
}

std::string TorchSubject::refuses(const corpora::Case& c, const corpora::Path& path) const {
  if (!c.program.empty()) return path.empty() ? "" : "a dispatch program has no paths";
  const bool typed = has_layer(path, corpora::LayerKind::typed);
  for (const corpora::Call& call : c.calls) {
    const BoundOperator* op = operators_.find(call.op);
    if (!op) return "there is no operator " + call.op;
    if (!op->callable) return call.op + " takes or returns a variable number of values";
    if (call.arguments.size() != op->argument_count()) return "arguments missing for " + call.op;
    if (typed && !op->typed) return "no typed call for the C++ signature of " + call.op;
  }
  const bool differentiates =
      has_layer(path, corpora::LayerKind::grad) || has_layer(path, corpora::LayerKind::dual);
  if (differentiates && writes_shared_input(c))
    return "inputs that share memory have gradients of their own, so none of them may be written";
  return input_refusal(c, path, home_);
}

// Whether a call may write one of several inputs that share memory.
bool TorchSubject::writes_shared_input(const corpora::Case& c) const {
  std::vector<int> views(c.storages.size());
  for (const corpora::Input& input : c.inputs) ++views[static_cast<size_t>(input.storage)];
  if (std::ranges::none_of(views, [](int count) { return count > 1; })) return false;
  return std::ranges::any_of(c.calls, [&](const corpora::Call& call) {
    return std::ranges::any_of(operators_.find(call.op)->declared->schema.arguments, declares_write);
  });
}

// Saves time: to raise the error for a missing kernel, libtorch computes the whole table again.
std::string TorchSubject::known_gap(const corpora::Case& c, const corpora::Path& path) const {
  if (!has_layer(path, corpora::LayerKind::meta)) return {};
  for (const corpora::Call& call : c.calls) {
    const BoundOperator* op = operators_.find(call.op);
    if (!op || !holds_tensors(call)) continue;
    if (op->meta_missing) return "no kernel serves Meta for " + call.op;
    if (op->meta_in_python)
      return "PyTorch's Meta kernel for " + call.op + " is in Python: `python3 -m faultline` judges it";
  }
  return {};
}

Outcome TorchSubject::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  Outcome outcome;
  const std::string refusal = refuses(c, path);
  if (!refusal.empty()) throw engine::InputError("", refusal);
  if (!c.program.empty()) {  // the oracle runs its steps
    outcome.calls.emplace_back();
    return outcome;
  }
  surroundings_.begin_run();
  for (const corpora::Layer& layer : path)
    if (layer.kind == corpora::LayerKind::fake) {
      forget_fake_results();
      if (layer.storage % 2 == 1) {
        Outcome discarded;
        run_once(c, image, path, discarded);
      }
    }
  if (has_layer(path, corpora::LayerKind::fused))
    run_as_graph(c, image, path, outcome);
  else
    run_once(c, image, path, outcome);
  surroundings_.end_run(outcome.state);
  return outcome;
}

// The graph has `calls` calls. False if one of them raises: then only that one is in the outcome.
bool TorchSubject::run_graph(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                             size_t calls, int smallest_group, Outcome& outcome) {
  const auto with_inputs = [&](auto&& body) {
    Inputs inputs(path);
    const uint8_t pattern =
        inputs.other_pattern ? GuardedMemory::other_pattern : GuardedMemory::usual_pattern;
    memory().begin_run(pattern, SIZE_MAX);
    inputs.make(c, image, path);
    memory().begin_run(pattern, quota_bytes_);
    return body(inputs);
  };
  const auto number = std::ranges::find(path, corpora::LayerKind::fused, &corpora::Layer::kind)->storage;
  const auto running = [&](Inputs& inputs) { return GraphRun(*this, c, inputs); };
  if (number == 0) {
    with_inputs([&](Inputs& inputs) { running(inputs).call_by_call(outcome); });
    return true;
  }
  std::optional<ProgramGraph> graph;
  CallOutcome& failure = outcome.calls.emplace_back();
  try {
    graph.emplace(operators_, c, calls, smallest_group);
    with_inputs([&](Inputs& inputs) { graph->profile(inputs); });
  } catch (const ProgramGraph::Unsupported& unsupported) {
    failure.status = Status::not_implemented;
    failure.message = unsupported.what;
    return false;
  } catch (...) {
    describe_failure(failure, !operators_.by_authors(c));
    return false;
  }
  outcome.calls.clear();
  surroundings_.begin_run();  // the profiled run may have drawn random numbers
  return with_inputs([&](Inputs& inputs) {
    return running(inputs).as_graph(*graph, static_cast<ProgramGraph::Execution>(number - 1), outcome);
  });
}

// Not every operator can be a group by itself: if the program raises, groups have two operators and more. If
// it raises again, the shortest part of it that raises shows which call does.
void TorchSubject::run_as_graph(const corpora::Case& c, const corpora::Image& image,
                                const corpora::Path& path, Outcome& outcome) {
  const size_t all = c.calls.size();
  for (const int smallest_group : {1, 2}) {
    outcome = {};
    if (run_graph(c, image, path, all, smallest_group, outcome)) return;
  }
  size_t raising = all;
  for (size_t calls = 1; calls < raising; ++calls) {
    Outcome part;
    if (run_graph(c, image, path, calls, 2, part)) continue;
    outcome = std::move(part);
    raising = calls;
  }
  outcome.calls.insert(outcome.calls.begin(), raising - 1, CallOutcome());
}

void TorchSubject::run_once(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                            Outcome& outcome) {
  Inputs inputs(path, home_);
  const uint8_t pattern = inputs.other_pattern ? GuardedMemory::other_pattern : GuardedMemory::usual_pattern;
  memory().begin_run(pattern, SIZE_MAX);
  inputs.make(c, image, path);
  std::optional<Gradients> gradients;
  if (inputs.grad) gradients.emplace(inputs, c, path);
  memory().begin_run(pattern, quota_bytes_);
  const bool records = inputs.grad && !inputs.no_grad && !inputs.inference;
  const Threads threads(path);
  std::optional<Duals> duals;
  if (inputs.dual >= 0) duals.emplace(inputs, c);
  TorchRun running(*this, c, inputs);
  for (size_t i = 0; i < c.calls.size(); ++i) {
    if (!running.call(i, outcome, records ? &*gradients : nullptr)) break;
    if (duals) duals->after_call(engine::span_of(running.results_of(i)));
  }
  if (duals && outcome.returned()) outcome.backward = duals->tangents();
  outcome.reach = running.reach();
  if (records && outcome.returned()) outcome.backward = gradients->run(!operators_.by_authors(c));
}

std::string TorchSubject::table(std::string_view op) const {
  const BoundOperator* bound = operators_.find(op);
  if (!bound) return {};
  std::istringstream dump(bound->handle.dumpComputedTable());
  std::string text;
  // The entry of our own tracer is not part of the library.
  for (std::string line; std::getline(dump, line);)
    if (!line.starts_with("TESTING_ONLY_GenericMode:")) text += line + '\n';
  return text;
}

// Nearly every call passes autograd, so the entry below autograd is the one that distinguishes calls, unless
// autograd's is a composite kernel: then no key below it serves the call.
Served TorchSubject::served_by(const TraceEntry& call) const {
  const BoundOperator* bound = operators_.find(call.op);
  const c10::DispatchKeySet keys(c10::DispatchKeySet::RAW, call.keys);
  if (bound && bound->composite && keys.has_any(c10::autograd_dispatch_keyset))
    return {static_cast<uint8_t>(c10::DispatchKey::AutogradFunctionality), Reason::composite_implicit};
  const c10::DispatchKey key =
      (keys - c10::autograd_dispatch_keyset_with_ADInplaceOrView).highestPriorityTypeId();
  return {static_cast<uint8_t>(key), bound ? reason_at(bound->handle, key) : Reason::missing};
}

std::vector<OperatorGap> TorchSubject::gaps(std::string_view op) const {
  const BoundOperator* bound = operators_.find(op);
  return bound ? missing_kernels(*bound) : std::vector<OperatorGap>();
}

std::vector<std::string> TorchSubject::key_names(uint64_t keys) const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::RAW, keys));
}

std::vector<std::string> TorchSubject::all_keys() const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::FULL));
}

}  // namespace oracles::aten

extern "C" __attribute__((visibility("default"))) void faultline_torch_device_fault(
    const oracles::Subject* subject, std::string* fault) {
  *fault = static_cast<const oracles::aten::TorchSubject*>(subject)->fault_of_device();
}

extern "C" __attribute__((visibility("default"))) oracles::Subject* faultline_make_torch_subject(
    const oracles::SubjectOptions* options, std::string* error) {
  try {
    return new oracles::aten::TorchSubject(*options);
  } catch (const engine::InputError& bad) {
    *error = bad.where() + "\n" + bad.what();
  } catch (const std::exception& bad) {
    *error = std::string("--subject\n") + bad.what();
  }
  return nullptr;
}
