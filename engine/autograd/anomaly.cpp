#include "engine/autograd/anomaly.h"

#include <fmt/core.h>

#include <exception>

#include "engine/autograd/grad_mode.h"
#include "engine/core/error.h"
#include "engine/core/warning.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

thread_local bool anomaly_enabled = false;
thread_local std::vector<std::string> anomaly_labels;
thread_local const Node* anomaly_node = nullptr;

std::string recorded_at(const Node& node) {
  return fmt::format("{} was recorded at: {}", node.name(), node.hooks() ? node.hooks()->trace : "unknown");
}

bool has_nan(Dispatcher& dispatcher, const Tensor& gradient) {
  if (gradient.is_meta() || gradient.element_count() == 0) return false;
  const NoGrad off;
  const ops::Formulas ops(dispatcher);
  const Tensor any = ops("aten::any", {ops("aten::ne.Tensor", {gradient, gradient})});
  return any.has_data() && *any.data<bool>();
}

}  // namespace

Anomaly::Anomaly(bool enabled) : before_(anomaly_enabled) { anomaly_enabled = enabled; }
Anomaly::~Anomaly() { anomaly_enabled = before_; }
bool Anomaly::enabled() { return anomaly_enabled; }

std::string Anomaly::trace() {
  std::string text;
  for (const std::string& label : anomaly_labels) text += text.empty() ? label : " > " + label;
  if (text.empty()) text = "no scope";
  if (anomaly_node) text += fmt::format(", in the gradient of {}", recorded_at(*anomaly_node));
  return text;
}

Anomaly::Scope::Scope(std::string label) { anomaly_labels.push_back(std::move(label)); }
Anomaly::Scope::~Scope() { anomaly_labels.pop_back(); }

Anomaly::Running::Running(const Node& node)
    : node_(node), before_(anomaly_node), raised_(std::uncaught_exceptions()) {
  if (anomaly_enabled) anomaly_node = &node;
}

Anomaly::Running::~Running() {
  anomaly_node = before_;
  if (anomaly_enabled && std::uncaught_exceptions() > raised_) warn("Error detected: " + recorded_at(node_));
}

void Anomaly::Running::check(Dispatcher& dispatcher, const Gradients& found) const {
  if (!anomaly_enabled) return;
  for (size_t i = 0; i < found.size(); ++i)
    if (found[i].defined() && has_nan(dispatcher, found[i]))
      throw Error(fmt::format("Function '{}' returned nan values in its {}th output. {}", node_.name(), i,
                              recorded_at(node_)));
}

}  // namespace engine::autograd
