// MisbehavingSubject: a subject for tests whose operators misbehave. The name of an operator says how, and
// whether it does so on every run or, with "_on_path", only on paths other than direct. It misbehaves in the
// cases whose integer argument is 0. The schema of "write..." and "never_write" declares that self is
// written.
#pragma once

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/dispatch/schema_parser.h"
#include "oracles/subject.h"
#include "oracles/trial/trial.h"

namespace oracles {

class MisbehavingSubject final : public Subject {
 public:
  explicit MisbehavingSubject(const std::vector<std::string>& operators) : catalog_(entries(operators)) {}

  std::string_view name() const override { return "scripted"; }
  std::string version() const override { return "1"; }
  const corpora::Catalog& catalog() const override { return catalog_; }
  std::string refuses(const corpora::Case&, const corpora::Path&) const override { return {}; }
  void record_trace(bool on) override { trace_ = on; }
  std::string table(std::string_view) const override { return {}; }
  Accuracy accuracy(std::string_view, engine::DTypeClass, const corpora::Path&) const override {
    return engine::accuracy::exact;
  }
  std::vector<std::string> key_names(uint64_t) const override { return {"CPU"}; }
  std::vector<std::string> all_keys() const override { return {"CPU"}; }

  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) override {
    Outcome outcome;
    for (const corpora::Call& call : c.calls) {
      CallOutcome& of_call = outcome.calls.emplace_back();
      if (trace_) outcome.trace.push_back({catalog_.find(call.op)->name, 1, 0});
      const bool on_path = call.op.ends_with("_on_path");
      const bool misbehaves = call.arguments.back().integer == 0 && (!on_path || !path.empty());
      of_call.results.push_back(value_of(image, 0));
      if (misbehaves && !call.op.ends_with("never_write")) act(call.op, image, of_call);
      if (call.op.ends_with("leave")) left_ = true;
      if (of_call.status != Status::returned) break;
    }
    ++runs_;
    return outcome;
  }

  // A case that calls `op` on a vector of four small integers and the integer `n`.
  static corpora::Case case_of(const std::string& op, uint64_t rng_seed, uint64_t n) {
    corpora::Case c;
    c.storages.push_back({engine::DType::f32, 4, corpora::FillRule::integers, rng_seed, {}});
    c.inputs.push_back({0, {4}, {1}, 0});
    const auto number = corpora::Value::of_integer(static_cast<int64_t>(n));
    c.calls.push_back({op, {"self", "n"}, {corpora::Value::of_input(0), number}});
    return c;
  }

 private:
  static std::vector<corpora::Operator> entries(const std::vector<std::string>& names) {
    std::vector<corpora::Operator> all;
    for (const std::string& name : names) {
      corpora::Operator op;
      const bool writes = name.find("::write") != std::string::npos || name.ends_with("never_write");
      op.schema =
          engine::parse_schema(name + (writes ? "(Tensor(a!)" : "(Tensor") + " self, int n) -> Tensor");
      op.name = name;
      all.push_back(std::move(op));
    }
    return all;
  }

  static Result value_of(const corpora::Image& image, int change) {
    Result result;
    result.kind = Result::Kind::tensor;
    result.tensor.sizes = {4};
    result.tensor.strides = {1};
    result.tensor.storage = 1;
    result.tensor.has_values = true;
    result.tensor.values = image.storages.at(0);
    result.tensor.values[0] ^= static_cast<std::byte>(change);
    return result;
  }

  void act(const std::string& op, const corpora::Image& image, CallOutcome& outcome) {
    const auto is = [&](std::string_view word) { return op.find(word) != std::string::npos; };
    if (is("segv")) raise(SIGSEGV);
    if (is("abort")) raise(SIGABRT);
    if (is("exit")) _exit(0);
    if (is("overwrite")) throw std::length_error("a size that was overwritten");
    if (is("hang")) {
      for (volatile bool forever = true; forever;) continue;
    }
    if (is("eat")) eat_memory();
    if (is("differ")) outcome.results.front() = value_of(image, 1);
    if (is("raise")) {
      outcome.status = Status::raised;
      outcome.error_class = "RuntimeError";
      outcome.message = "raised on request";
    }
    if (is("::write")) outcome.changes.push_back({0, true, false, 1, value_of(image, 1).tensor});
    if (is("gap")) outcome.status = Status::not_implemented;
    // Results that depend on earlier runs in the process: on their number, or on whether "leave" ran.
    if (is("notice") && left_) outcome.results.front() = value_of(image, 1);
    if (is("remember") && runs_ > 2)
      outcome.results.front() = value_of(image, static_cast<int>(runs_ & 0x7F));
  }

  static void eat_memory() noexcept {
    std::vector<std::unique_ptr<std::string>> eaten;
    for (;;) eaten.push_back(std::make_unique<std::string>(1 << 24, 'x'));
  }

  corpora::Catalog catalog_;
  bool trace_ = false;
  bool left_ = false;
  int runs_ = 0;
};

// An oracle for tests: compares the values and statuses of the direct path and a neg path.
inline Verdict scripted_check(Trial& trial) {
  Verdict verdict;
  verdict.right = {{corpora::LayerKind::neg, 0}};
  const Outcome& left = trial.direct();
  const Outcome right = trial.run(verdict.right);
  verdict.reach = Reach::fallback;
  if (left.last().status == Status::not_implemented) {
    verdict.judgement = Judgement::gap;
  } else if (!left.returned() && !right.returned()) {
    verdict.judgement = Judgement::both_raised;
  } else if (!left.returned() || !right.returned()) {
    verdict.judgement = Judgement::differ;
    verdict.divergence.kind = Kind::error;
  } else if (left.last().results.front().tensor.values != right.last().results.front().tensor.values) {
    verdict.judgement = Judgement::differ;
    verdict.divergence.kind = Kind::value;
  }
  verdict.divergence.op = trial.last_operator().name;
  return verdict;
}

}  // namespace oracles
