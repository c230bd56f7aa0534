#include "oracles/subjects/engine/dispatch_machine.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/dispatch/refusals.h"
#include "engine/dispatch/schema_parser.h"
#include "oracles/subjects/engine/program_kernels.h"

namespace oracles {

using corpora::GuardKind;
using corpora::ProgramOp;
using corpora::StatementKind;
using engine::Tensor;
using engine::Value;

EngineGuard::EngineGuard(const corpora::Statement& s) {
  if (s.guard == GuardKind::include) include.emplace(s.keys);
  if (s.guard == GuardKind::exclude) exclude.emplace(s.keys);
  if (s.guard == GuardKind::force) force.emplace(engine::ThreadKeys{s.keys, s.excluded});
}

std::string engine_name(ProgramOp op) { return "program::" + std::string(corpora::name_of(op)); }

namespace {

const engine::Schema& parsed_schema(ProgramOp op) {
  static const std::vector<engine::Schema> schemas = [] {
    std::vector<engine::Schema> all;
    for (size_t i = 0; i < corpora::program_op_count; ++i) {
      const auto each = static_cast<ProgramOp>(i);
      all.push_back(engine::parse_schema(engine_name(each) + std::string(corpora::schema_of(each))));
    }
    return all;
  }();
  return schemas[static_cast<size_t>(op)];
}

StepError error_of(engine::ErrorKind kind) {
  switch (kind) {
    case engine::ErrorKind::registration:
      return StepError::refused;
    case engine::ErrorKind::not_implemented:
      return StepError::not_implemented;
    case engine::ErrorKind::internal:
      return StepError::internal;
    default:
      return StepError::runtime;
  }
}

bool same_tensors(const Value& a, const Value& b) {
  if (a.tag() != b.tag()) return false;
  if (a.is_tensor()) return a.tensor().is_same(b.tensor());
  if (a.is(engine::ValueTag::tensors))
    return std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(),
                      [](const Tensor& x, const Tensor& y) { return x.is_same(y); });
  if (!a.is(engine::ValueTag::optional_tensors)) return true;
  const auto &x = a.optional_tensors(), &y = b.optional_tensors();
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const auto& one, const auto& other) {
    return one.has_value() == other.has_value() && (!one || one->is_same(*other));
  });
}

// Copies the elements of lists, so that later changes of a list do not show in the copy.
std::vector<Value> deep_copy(const std::vector<Value>& values) {
  std::vector<Value> copy;
  for (const Value& value : values) {
    if (value.is(engine::ValueTag::tensors))
      copy.emplace_back(std::vector<Tensor>(value.tensors()));
    else if (value.is(engine::ValueTag::optional_tensors))
      copy.emplace_back(std::vector<std::optional<Tensor>>(value.optional_tensors()));
    else
      copy.push_back(value);
  }
  return copy;
}

bool all_same(std::span<const Value> before, std::span<const Value> now) {
  return std::equal(before.begin(), before.end(), now.begin(), now.end(), same_tensors);
}

}  // namespace

EngineMachine::EngineMachine() { begin(); }
EngineMachine::~EngineMachine() { close(); }

void EngineMachine::begin() {
  close();
  ambient_fallbacks_.clear();
  dispatcher_.reset();
  dispatcher_.emplace();
  for (const AmbientFallback& each : ambient_)
    for (engine::Registration& made :
         dispatcher_->fallback(each.key, engine::Kernel::fallthrough(), "ambient"))
      ambient_fallbacks_.push_back(std::move(made));
  before_ = engine::thread_keys;
  depth_ = 0;
}

template <class Body>
void EngineMachine::with_errors(Body&& body) {
  try {
    body();
  } catch (const engine::NotImplemented& error) {
    outcome().error = StepError::not_implemented;
    outcome().missing_at = error.key();
    outcome().message = error.what();
  } catch (const engine::Error& error) {
    outcome().error = error_of(error.kind());
    outcome().message = error.what();
  } catch (const Thrown&) {
    outcome().error = StepError::kernel;
  }
}

void EngineMachine::register_one(const Statement& s, engine::Registrations& made) {
  const std::string where = fmt::format("k{}", s.number);
  with_errors([&] {
    if (s.kind == StatementKind::define) made.push_back(dispatcher_->define(parsed_schema(s.op), where));
    if (s.kind == StatementKind::implement)
      made.push_back(dispatcher_->implement(engine_name(s.op), s.key, program_kernel(*this, s), where));
    if (s.kind == StatementKind::fallback)
      made = dispatcher_->fallback(s.key, program_kernel(*this, s), where);
  });
}

void EngineMachine::call(const Statement& s) {
  const std::vector<Value> arguments = program_arguments<EngineLibrary>(s);
  const std::vector<Value> before = deep_copy(arguments);
  engine::Stack stack;
  stack.push_back("below");
  if (!s.typed)
    for (const Value& argument : arguments) stack.push_back(argument);
  with_errors([&] {
    const std::optional<engine::Operator> op = dispatcher_->find(engine_name(s.op));
    if (!op) throw engine::Error("there is no operator " + engine_name(s.op));
    if (s.typed) {
      outcome().results.push_back(call_typed(*op, s, arguments).keys());
      return;
    }
    if (s.redispatch)
      op->redispatch_boxed(s.keys, stack);
    else
      op->call_boxed(stack);
    for (size_t i = 1; i < stack.size(); ++i) outcome().results.push_back(stack[i].tensor().keys());
  });
  const bool raised = outcome().error != StepError::none;
  outcome().arguments_kept = all_same(before, arguments) && !stack.empty() &&
                             stack[0].is(engine::ValueTag::string) &&
                             (s.typed || !raised || all_same(before, {stack.begin() + 1, stack.end()}));
}

void EngineMachine::record_thread_keys(StepOutcome& outcome) const {
  outcome.included = engine::thread_keys.included;
  outcome.excluded = engine::thread_keys.excluded;
}

std::optional<ProgramTable> EngineMachine::table(ProgramOp op) {
  const std::optional<engine::Operator> found = dispatcher_->find(engine_name(op));
  if (!found) return std::nullopt;
  ProgramTable made;
  for (size_t slot = 0; slot < made.size(); ++slot) {
    const engine::Resolution& resolution = found->entry().resolution_at(slot);
    const engine::Registered* by = resolution.registered;
    const bool own = by && by->where.front() == 'k';
    const int number = own ? std::atoi(by->where.c_str() + 1) : by ? foreign_kernel : -1;
    made[slot] = TableEntry{number, static_cast<reference::Why>(resolution.reason)};
  }
  return made;
}

std::string EngineMachine::end() {
  close();
  ambient_fallbacks_.clear();
  std::string left;
  for (const std::string& fault : dispatcher_->table_faults()) left += fault + "; ";
  for (const engine::Operator& op : dispatcher_->operators()) left += op.name() + " still exists; ";
  for (engine::DispatchKey key : engine::table_keys())
    if (dispatcher_->has_fallback(key)) left += "a fallback is left; ";
  if (!(engine::thread_keys == before_)) {
    left += "the thread's keys have changed; ";
    engine::thread_keys = before_;
  }
  dispatcher_->reclaim();
  return left;
}

}  // namespace oracles
