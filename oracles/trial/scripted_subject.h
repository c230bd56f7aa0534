// ScriptedSubject: a subject for tests. Its operators are schemas, and its runs are a function of the test,
// so that an oracle can be tested on any outcome. Also functions that make cases and outcomes.
#pragma once

#include <cstring>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/dispatch/schema_parser.h"
#include "oracles/compare/accuracy_rules.h"
#include "oracles/subject.h"
#include "oracles/trial/storage_layers.h"
#include "oracles/trial/trial.h"

namespace oracles {

class ScriptedSubject final : public Subject {
 public:
  using Script = std::function<Outcome(const corpora::Case&, const corpora::Image&, const corpora::Path&)>;

  ScriptedSubject(std::initializer_list<std::string_view> schemas, Script run) : run_(std::move(run)) {
    std::vector<corpora::Operator> operators;
    for (std::string_view text : schemas) {
      corpora::Operator op;
      op.schema = engine::parse_schema(text);
      op.name = op.schema.qualified();
      op.random = op.name.find("rand") != std::string::npos;
      op.by_author = op.name.starts_with("author::");
      operators.push_back(std::move(op));
    }
    catalog_ = corpora::Catalog(std::move(operators));
  }

  std::string_view name() const override { return "scripted"; }
  std::string version() const override { return "1"; }
  const corpora::Catalog& catalog() const override { return catalog_; }
  // As the engine does, also the layers that only libtorch has.
  std::string refuses(const corpora::Case&, const corpora::Path& path) const override {
    using enum corpora::LayerKind;
    for (const corpora::LayerKind kind : {no_grad, inference, incoming, second, overwritten, dual})
      if (!takes_all_layers && corpora::has_layer(path, kind)) return "scripts do not have this layer";
    return refused_paths.count(corpora::to_string(path)) ? "refused by the test" : "";
  }
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) override {
    paths.push_back(corpora::to_string(path));
    return run_(c, image, path);
  }
  void record_trace(bool) override {}
  std::string table(std::string_view) const override { return {}; }
  Served served_by(const TraceEntry&) const override { return {0, reason}; }
  // PyTorch's accuracy, unless the test declares one.
  Accuracy accuracy(std::string_view op, engine::DTypeClass of, const corpora::Path&) const override {
    const auto declared = accuracies.find(op);
    return declared != accuracies.end() ? declared->second : AccuracyRules::torch().find(op, of);
  }
  std::vector<std::string> key_names(uint64_t keys) const override {
    return keys == 0 ? std::vector<std::string>{} : std::vector<std::string>{"ZeroTensor"};
  }
  std::vector<std::string> all_keys() const override { return {}; }

  bool takes_all_layers = false;                    // the script has the layers that only libtorch has
  engine::Reason reason = engine::Reason::missing;  // of the kernels that serve all calls
  std::set<std::string> refused_paths;
  std::map<std::string, Accuracy, std::less<>> accuracies;
  std::vector<std::string> paths;  // of all runs

 private:
  corpora::Catalog catalog_;
  Script run_;
};

template <class T>
std::vector<std::byte> bytes_of(const std::vector<T>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

inline TensorSnapshot f32_tensor(engine::Dims sizes, const std::vector<float>& values,
                                 int32_t storage = 100) {
  TensorSnapshot t;
  t.dtype = engine::DType::f32;
  t.strides = engine::contiguous_strides(sizes);
  t.sizes = std::move(sizes);
  t.storage = storage;
  t.has_values = true;
  t.values = bytes_of(values);
  return t;
}

inline CallOutcome returning(std::initializer_list<TensorSnapshot> tensors) {
  CallOutcome call;
  for (const TensorSnapshot& tensor : tensors) call.results.push_back(result_of(tensor));
  return call;
}

inline CallOutcome raising(std::string message, Status status = Status::raised) {
  CallOutcome call;
  call.status = status;
  call.error_class = "RuntimeError";
  call.message = std::move(message);
  return call;
}

inline Outcome outcome_of(std::initializer_list<CallOutcome> calls) {
  Outcome outcome;
  outcome.calls = calls;
  return outcome;
}
// One call that returns one tensor, or one f32 element.
inline Outcome outcome_of(TensorSnapshot tensor) { return outcome_of({returning({std::move(tensor)})}); }
inline Outcome outcome_of(float x) { return outcome_of(f32_tensor({1}, {x})); }

// The same outcome for each run; one outcome for paths with the layer, and the other for all other paths.
inline ScriptedSubject::Script always(Outcome outcome) {
  return [outcome](auto&, auto&, auto&) { return outcome; };
}
inline ScriptedSubject::Script by_layer(corpora::LayerKind layer, Outcome with, Outcome without) {
  return [=](auto&, auto&, const corpora::Path& path) { return has_layer(path, layer) ? with : without; };
}

// One call of an operator, given by its name or schema, on f32 inputs. Each input is a whole storage of so
// many elements, contiguous, filled with iota.
inline corpora::Case case_of(std::string_view op, int inputs, int64_t elements = 3) {
  corpora::Case c;
  corpora::Call call{std::string(op.substr(0, op.find('('))), {}, {}};
  for (int i = 0; i < inputs; ++i) {
    c.storages.push_back({engine::DType::f32, elements, corpora::FillRule::iota, 0, {}});
    c.inputs.push_back({i, {elements}, {1}, 0});
    call.arguments.push_back(corpora::Value::of_input(i));
  }
  c.calls.push_back(std::move(call));
  return c;
}

inline Verdict run_check(Verdict (*check)(Trial&), const corpora::Case& c,
                         std::initializer_list<std::string_view> schemas, ScriptedSubject::Script run) {
  ScriptedSubject subject(schemas, std::move(run));
  Trial trial(subject, c);
  return check(trial);
}
// The same for one call of the operator with one input.
inline Verdict run_check(Verdict (*check)(Trial&), std::string_view schema, ScriptedSubject::Script run) {
  return run_check(check, case_of(schema, 1), {schema}, std::move(run));
}

}  // namespace oracles
