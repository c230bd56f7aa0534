#include "engine/autograd/forward_mode.h"

#include <algorithm>
#include <atomic>
#include <span>
#include <vector>

#include "engine/autograd/history.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"

namespace engine::autograd {

namespace {

thread_local std::vector<uint64_t> open_levels;
thread_local size_t visible_levels = 0;
thread_local uint64_t materialized = 0;

Tensor zero_tangent_like(const Tensor& tensor) {
  return make_zero_tensor(tensor.dtype(), tensor.sizes(), tensor.device());
}

const Tensor& base_of(const Tensor& tensor) {
  const View* const view = view_of(tensor);
  return view ? view->base : tensor;
}

Tangent* stored_tangent(const Tensor& base, uint64_t level) {
  std::vector<Tangent>* const all = tangents_of(base);
  if (!all) return nullptr;
  const auto found = std::ranges::find(*all, level, &Tangent::level);
  return found == all->end() ? nullptr : &*found;
}

void store_tangent(const Tensor& base, const Tensor& tangent, uint64_t level) {
  if (Tangent* const earlier = stored_tangent(base, level)) {
    earlier->value = tangent;
    return;
  }
  std::vector<Tangent>& all = own_tangents(base);
  std::erase_if(all, [](const Tangent& each) { return !std::ranges::count(open_levels, each.level); });
  all.push_back({level, tangent});
}

bool has_geometry_of(const Tensor& tangent, const View& view) {
  return tangent.sizes() == view.geometry.sizes() && tangent.strides() == view.geometry.strides() &&
         tangent.offset() == view.offset;
}

}  // namespace

DualLevel::DualLevel() {
  static std::atomic<uint64_t> next{1};
  id_ = next.fetch_add(1, std::memory_order_relaxed);
  if (visible_levels != open_levels.size())
    throw Error("a level of forward mode cannot be opened inside a formula");
  open_levels.push_back(id_);
  visible_levels = open_levels.size();
}

DualLevel::~DualLevel() {
  std::erase(open_levels, id_);
  visible_levels = open_levels.size();
}

bool DualLevel::any_open() { return visible_levels != 0; }

HideLevels::HideLevels(uint64_t from) : before_(visible_levels) {
  const auto found = std::ranges::find(open_levels, from);
  visible_levels = std::min(visible_levels, static_cast<size_t>(found - open_levels.begin()));
}
HideLevels::~HideLevels() { visible_levels = before_; }

Tensor make_dual(const Tensor& primal, const Tensor& tangent, uint64_t level) {
  if (!differentiable(primal.dtype())) throw Error("only real and complex tensors have tangents");
  if (tangent.dtype() != primal.dtype() || tangent.sizes() != primal.sizes())
    throw Error("a tangent has the sizes and the dtype of its tensor");
  Tensor dual = primal.view(primal.sizes(), primal.strides(), primal.offset());
  dual.set_wrapped(primal.wrapped());
  if (const Edge edge = edge_of(primal)) set_history(dual, edge.node, edge.input);
  if (const std::vector<Tangent>* others = tangents_of(primal)) own_tangents(dual) = *others;
  store_tangent(dual, tangent, level);
  return dual;
}

Tensor tangent_of(Dispatcher& dispatcher, const Tensor& tensor, uint64_t level) {
  if (!tensor.defined()) return {};
  Tangent* const stored = stored_tangent(base_of(tensor), level);
  const View* const view = view_of(tensor);
  if (!stored || !view) return stored ? stored->value : Tensor();
  const Tensor tangent = stored->value;
  if (tangent.is_zero()) return zero_tangent_like(tensor);
  const HideLevels hide(level);
  if (!has_geometry_of(tangent, *view)) {
    const Tensor same = view->like_base(dispatcher, tangent);
    store_tangent(view->base, same, level);
    return view->of(same);
  }
  return view->of(tangent);
}

void set_tangent(Dispatcher& dispatcher, const Tensor& tensor, const Tensor& tangent, uint64_t level) {
  const View* const view = view_of(tensor);
  if (!view) return store_tangent(tensor, tangent, level);
  Tangent* const stored = stored_tangent(view->base, level);
  const bool was_zero = !stored || stored->value.is_zero();
  const Tensor before = was_zero
                            ? make_zero_tensor(view->base.dtype(), view->base.sizes(), view->base.device())
                            : stored->value;
  if (was_zero && tangent.is_zero()) return store_tangent(view->base, before, level);
  const bool covers = tensor.element_count() == view->base.element_count() && !ops::overlaps_itself(tensor);
  if (covers && tangent.is_zero()) return store_tangent(view->base, zero_tangent_like(view->base), level);
  if (was_zero) ++materialized;
  const HideLevels hide(level);
  const Tensor made = was_zero ? view->zeros_like_base(dispatcher, before.dtype(), before.device())
                               : view->like_base(dispatcher, before);
  const ops::Formulas ops(dispatcher);
  ops("aten::copy_", {view->of(made), tangent});
  store_tangent(view->base, made, level);
}

void copy_tangents(Dispatcher& dispatcher, const Tensor& from, const Tensor& to) {
  for (const uint64_t level : open_levels)
    if (const Tensor tangent = tangent_of(dispatcher, from, level); tangent.defined())
      store_tangent(to, tangent, level);
}

uint64_t innermost_level(std::span<const Value> arguments) {
  for (size_t i = visible_levels; i-- > 0;) {
    bool found = false;
    for_each_tensor(arguments, [&](const Tensor& tensor) {
      found = found || (tensor.defined() && stored_tangent(base_of(tensor), open_levels[i]));
    });
    if (found) return open_levels[i];
  }
  return 0;
}

uint64_t materialized_tangents() { return materialized; }

}  // namespace engine::autograd
