#include "oracles/subjects/torch/missing_kernels.h"

#include <fmt/format.h>

#include <algorithm>

#include "oracles/subjects/torch/table_reason.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

namespace {

using c10::DispatchKey;
using engine::Reason;

bool serves(const BoundOperator& op, DispatchKey key) {
  const Reason reason = reason_at(op.handle, key);
  return reason != Reason::missing && reason != Reason::backend_fallback;
}

bool takes_or_returns_tensors(const engine::Schema& schema) {
  const auto holds = [](const engine::Argument& argument) { return engine::holds_tensor(argument.type); };
  return std::ranges::any_of(schema.arguments, holds) || std::ranges::any_of(schema.returns, holds);
}

// How the lines name an operator "space::name.overload".
class Lines {
 public:
  explicit Lines(const std::string& qualified)
      : qualified_(qualified),
        space_(qualified.substr(0, qualified.find("::"))),
        name_(qualified.substr(space_.size() + 2)) {}

  std::string cpp(std::string_view key) const {
    return fmt::format("TORCH_LIBRARY_IMPL({}, {}, m) {{ m.impl(\"{}\", ...); }}", space_, key, name_);
  }
  // `decorated` is the line from 2.4 on, with {} for the operator.
  std::string python(std::string_view key, std::string_view decorated) const {
    if (has_python_registration) return fmt::format(fmt::runtime(decorated), qualified_);
    return fmt::format("torch.library.Library(\"{}\", \"IMPL\").impl(\"{}\", ..., \"{}\")", space_, name_,
                       key);
  }

 private:
  std::string qualified_, space_, name_;
};

}  // namespace

std::vector<OperatorGap> missing_kernels(const BoundOperator& op) {
  const engine::Schema& schema = op.declared->schema;
  const Lines lines(op.declared->name);
  std::vector<OperatorGap> gaps;
  const auto add = [&](Gap what, std::string_view key, std::string_view decorated) {
    gaps.push_back({what, lines.cpp(key), lines.python(key, decorated)});
  };
  if (!serves(op, DispatchKey::CPU))
    add(Gap::cpu_kernel, "CPU", "@torch.library.register_kernel(\"{}\", \"cpu\")");
  if (!takes_or_returns_tensors(schema)) return gaps;
  if (!serves(op, DispatchKey::Meta)) add(Gap::meta_kernel, "Meta", "@torch.library.register_fake(\"{}\")");
  if (!schema.has_out() && !serves(op, DispatchKey::AutogradCPU))
    add(Gap::autograd_formula, "Autograd",
        "torch.library.register_autograd(\"{}\", backward, setup_context=...)");
  return gaps;
}

}  // namespace oracles::aten
