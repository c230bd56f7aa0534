#include "oracles/subjects/torch/program_machine.h"

#include <ATen/core/ivalue.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <fmt/format.h>
#include <torch/csrc/jit/frontend/function_schema_parser.h>
#include <torch/library.h>

#include <charconv>

#include "oracles/subjects/torch/private_device.h"
#include "oracles/subjects/torch/program_kernels.h"
#include "oracles/subjects/torch/program_keys.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

using c10::IValue;
using corpora::GuardKind;
using corpora::ProgramOp;
using corpora::StatementKind;
using reference::Why;
using torch::jit::Stack;

C10Guard::C10Guard(const corpora::Statement& s) {
  if (s.guard == GuardKind::include) include.emplace(c10_keys(s.keys));
  if (s.guard == GuardKind::exclude) exclude.emplace(c10_keys(s.keys));
  if (s.guard != GuardKind::force) return;
  c10::impl::PODLocalDispatchKeySet none{0, 0};
  c10::impl::LocalDispatchKeySet keys(none);
  keys.included_ = c10_keys(s.keys);
  keys.excluded_ = c10_keys(s.excluded);
  force.emplace(keys);
}

C10Registered::C10Registered() = default;
C10Registered::~C10Registered() = default;

namespace {

// "AutogradMeta: [fallthrough ]k3 [math kernel]".
struct Line {
  std::string_view key, where, why;
  bool falls_through = false;
};
Line line_of(std::string_view text) {
  constexpr std::string_view falls = "fallthrough ";
  const size_t colon = text.find(": "), bracket = text.rfind(" [");
  if (colon == std::string_view::npos || bracket == std::string_view::npos) return {};
  Line line{text.substr(0, colon), text.substr(colon + 2, bracket - colon - 2),
            text.substr(bracket + 2, text.size() - bracket - 3), false};
  if (line.where.starts_with(falls)) {
    line.falls_through = true;
    line.where.remove_prefix(falls.size());
  }
  return line;
}

template <class Visit>
void for_each_line(std::string_view dump, Visit&& visit) {
  while (!dump.empty()) {
    const size_t end = std::min(dump.find('\n'), dump.size());
    if (const Line line = line_of(dump.substr(0, end)); !line.key.empty()) visit(line);
    dump.remove_prefix(std::min(end + 1, dump.size()));
  }
}

// The N of "kN", or of "registered at kN:0" by a library; -1 for kernels that are not the program's.
int kernel_named(std::string_view where) {
  const size_t at = where.starts_with("registered at k") ? 14 : 0;
  int number = 0;
  if (at < where.size() && where[at] == 'k' &&
      std::from_chars(where.data() + at + 1, where.data() + where.size(), number).ec == std::errc())
    return number;
  return -1;
}

Why why_of(std::string_view words) {
  if (words == "kernel") return Why::kernel;
  if (words == "default backend kernel") return Why::composite_explicit;  // or its non-functional variant
  if (words == "nested kernel") return Why::composite_implicit_nested;
  if (words == "ambiguous autogradother") return Why::ambiguous_autograd_other;
  if (words == "math kernel") return Why::composite_implicit;
  if (words == "autograd kernel") return Why::autograd;
  return words == "backend fallback" ? Why::backend_fallback : Why::missing;
}

StepError error_of(const c10::Error& error) {
  const std::string_view text = error.what_without_backtrace();
  return text.find("INTERNAL ASSERT") == std::string_view::npos ? StepError::runtime : StepError::internal;
}

// The key that a not-implemented error names.
engine::DispatchKey key_named_by(std::string_view text) {
  constexpr std::string_view before = "from the '", after = "' backend";
  const size_t from = text.find(before), to = text.find(after);
  if (from == std::string_view::npos || to == std::string_view::npos) return engine::DispatchKey::Undefined;
  const std::string_view name = text.substr(from + before.size(), to - from - before.size());
  return engine::dispatch_key_named(name).value_or(engine::DispatchKey::Undefined);
}

bool same_value(const IValue& a, const IValue& b) {
  if (a.tagKind() != b.tagKind()) return false;
  if (a.isTensor()) return a.toTensor().is_same(b.toTensor());
  return true;
}

std::vector<at::Tensor> elements(const IValue& value) {
  std::vector<at::Tensor> all;
  if (value.isTensorList()) return value.toTensorVector();
  if (!value.isOptionalTensorList()) return all;
  const auto list = value.toOptionalTensorList();
  for (size_t i = 0; i < list.size(); ++i) all.push_back(list.get(i).value_or(at::Tensor()));
  return all;
}

bool same_elements(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const at::Tensor& x, const at::Tensor& y) { return x.is_same(y); });
}

}  // namespace

C10Machine::C10Machine() {
  std::vector<int> ignored;
  auto& dispatcher = c10::Dispatcher::singleton();
  const auto probe =
      dispatcher.registerDef(torch::jit::parseSchema("program::probe(Tensor x) -> Tensor"), "probe");
  const auto op = dispatcher.findOp({"program::probe", ""});
  for_each_line(op->dumpComputedTable(), [&](const Line& line) {
    const auto key = engine_key(line.key);
    if (key && line.why == "backend fallback") ambient_.push_back({*key, line.falls_through});
  });
  rules_ = std::make_unique<C10Rules>(c10_version, known_layers());
  judge_ = std::make_unique<C10RulesMachine>(*rules_, ambient_);
}

C10Machine::~C10Machine() = default;

std::string C10Machine::refuses(const corpora::Program& program) const {
  for (const Statement& s : program) {
    const bool keyed = s.kind == StatementKind::implement || s.kind == StatementKind::fallback;
    if (keyed && !c10_key(s.key)) return fmt::format("this libtorch has no key {}", engine::name_of(s.key));
    if (s.kind == StatementKind::fallback && engine::is_building_block(s.key))
      return "a fallback for a part of keys";
    if (s.kind == StatementKind::fallback && c10_version.fallback_is_replaced &&
        s.key == engine::DispatchKey::AutogradPrivateUse1)
      return "it would replace libtorch's own fallback for AutogradPrivateUse1, which cannot be restored";
    bool known = all_known(s.keys) && all_known(s.excluded);
    for (const corpora::ProgramArgument& argument : s.arguments) known = known && all_known(argument.keys);
    if (!known) return "this libtorch lacks some of the keys";
  }
  return {};
}

void C10Machine::begin() {
  close();
  remove_private_fallback();
  before_ = c10::impl::tls_local_dispatch_key_set();
}

template <class Body>
void C10Machine::with_errors(StepError usual, Body&& body) {
  try {
    body();
  } catch (const KernelThrown&) {
    outcome().error = StepError::kernel;
  } catch (const c10::NotImplementedError& error) {
    outcome().error = StepError::not_implemented;
    outcome().message = error.what_without_backtrace();
    outcome().missing_at = key_named_by(outcome().message);
  } catch (const c10::Error& error) {
    outcome().error = usual == StepError::refused ? usual : error_of(error);
    outcome().message = error.what_without_backtrace();
  }
}

void C10Machine::register_one(const Statement& s, C10Registered& made) {
  auto& dispatcher = c10::Dispatcher::singleton();
  const std::string where = fmt::format("k{}", s.number);
  with_errors(StepError::refused, [&] {
    if (s.kind == StatementKind::define) {
      const std::string schema =
          fmt::format("program::{}{}", corpora::name_of(s.op), corpora::schema_of(s.op));
      made.handle = dispatcher.registerDef(torch::jit::parseSchema(schema), where);
    } else if (s.kind == StatementKind::implement) {
      ProgramKernel kernel = program_kernel(s);
      const c10::DispatchKey key = s.key == engine::DispatchKey::Undefined
                                       ? c10::DispatchKey::CompositeImplicitAutograd
                                       : *c10_key(s.key);
      c10::optional<c10::impl::CppSignature> signature;
      if (kernel.signature) signature = *kernel.signature;
      made.handle = dispatcher.registerImpl(program_name(s.op), key, std::move(kernel.function), signature,
                                            std::move(kernel.schema), where);
    } else if (engine::is_alias(s.key)) {
      made.file = where;
      made.library =
          std::make_unique<torch::Library>(torch::Library::IMPL, "_", c10::nullopt, made.file.c_str(), 0);
      made.library->fallback(
          torch::dispatch(*c10_key(s.key), torch::CppFunction::makeFromBoxedKernel(alias_fallback(s))));
    } else {
      made.handle = dispatcher.registerFallback(*c10_key(s.key), program_kernel(s).function, where);
    }
  });
}

void C10Machine::call(const Statement& s) {
  const std::vector<IValue> arguments = program_arguments<TorchLibrary>(s);
  std::vector<std::vector<at::Tensor>> lists;
  for (const IValue& each : arguments) lists.push_back(elements(each));
  Stack stack{IValue("below")};
  record_kernels_in(&outcome().ran);
  with_errors(StepError::runtime, [&] {
    const auto op = c10::Dispatcher::singleton().findOp(program_name(s.op));
    TORCH_CHECK(op, "there is no operator");
    if (s.typed) {
      outcome().results.push_back(engine_keys(call_typed(*op, s, arguments).key_set()));
      return;
    }
    stack.insert(stack.end(), arguments.begin(), arguments.end());
    if (s.redispatch)
      op->redispatchBoxed(c10_keys(s.keys), &stack);
    else
      op->callBoxed(&stack);
    for (size_t i = 1; i < stack.size(); ++i)
      outcome().results.push_back(engine_keys(stack[i].toTensor().key_set()));
  });
  bool kept = stack.front().isString();
  for (size_t i = 0; i < arguments.size(); ++i)
    kept = kept && same_elements(lists[i], elements(arguments[i]));
  if (outcome().error != StepError::none && stack.size() > 1)
    kept = kept && stack.size() == arguments.size() + 1 &&
           std::equal(arguments.begin(), arguments.end(), stack.begin() + 1, same_value);
  outcome().arguments_kept = kept;
}

void C10Machine::record_thread_keys(StepOutcome& outcome) const {
  const c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  outcome.included = engine_keys(keys.included_);
  outcome.excluded = engine_keys(keys.excluded_) & engine::KeySet::functionalities();
}

std::optional<ProgramTable> C10Machine::table(ProgramOp op) {
  const auto found = c10::Dispatcher::singleton().findOp(program_name(op));
  if (!found) return std::nullopt;
  ProgramTable made;
  for (size_t slot = 0; slot < made.size(); ++slot)
    if (c10_key(engine::table_keys()[slot])) made[slot] = TableEntry{};
  for_each_line(found->dumpComputedTable(), [&](const Line& line) {
    const auto key = engine_key(line.key);
    if (!key) return;
    const Why why = why_of(line.why);
    const int number = kernel_named(line.where);
    const int foreign = foreign_kernel + (line.falls_through ? 0 : 1);
    const bool none = why == Why::ambiguous_autograd_other || why == Why::missing;
    made[engine::KeySet(*key).table_index()] = TableEntry{none ? -1 : number >= 0 ? number : foreign, why};
  });
  return made;
}

std::string C10Machine::end() {
  close();
  std::string left;
  for (size_t i = 0; i < corpora::program_op_count; ++i) {
    const auto op = static_cast<ProgramOp>(i);
    if (c10::Dispatcher::singleton().findOp(program_name(op)))
      left += std::string(corpora::name_of(op)) + " still exists; ";
  }
  const c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  const bool changed = keys.included_ != before_.included_ ||
                       engine_keys(keys.excluded_ ^ before_.excluded_).highest_functionality() !=
                           engine::DispatchKey::Undefined;
  if (changed) left += "the thread's keys have changed; ";
  c10::impl::_force_tls_local_dispatch_key_set(before_);
  return left;
}

}  // namespace oracles::aten
