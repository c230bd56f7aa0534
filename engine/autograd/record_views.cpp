#include "engine/autograd/record_views.h"

#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/core/each_tensor.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::autograd {

namespace {

Operator functional_form(const Call& call, const ops::OperatorDeclaration* declaration, ops::Form form) {
  if (form == ops::Form::functional) return call.op();
  const std::string_view schema = declaration->functional;
  return call.dispatcher().op(schema.substr(0, schema.find('(')));
}

}  // namespace

ViewsMade::ViewsMade(Operator repeated, std::span<const Value> arguments)
    : op_(repeated), viewed_(arguments[0].tensor()), others_(arguments.begin() + 1, arguments.end()) {
  if (!viewed_.defined() || is_inference(viewed_)) return;
  if (const View* const earlier = view_of(viewed_))
    view_ = *earlier;
  else
    view_ = {.base = viewed_,
             .geometry = {viewed_.sizes(), viewed_.strides()},
             .offset = viewed_.offset(),
             .last = {}};
}

// A view of a view that cannot be written cannot be written either.
ViewMade ViewsMade::how_made(std::span<const Value> results) const {
  if (view_.made != ViewMade::recorded) return view_.made;
  if (made_) return *made_;
  if (InferenceMode::enabled()) return ViewMade::in_inference;
  if (!GradMode::enabled()) return ViewMade::without_grad;
  return results.size() == 1 && results[0].is_tensor() ? ViewMade::recorded : ViewMade::one_of_several;
}

void ViewsMade::note(std::span<const Value> results) {
  if (!view_.base.defined()) return;
  view_.made = how_made(results);
  const Intrusive<ViewStep> before = view_.last;
  size_t k = 0;
  for_each_tensor(results, [&](const Tensor& result) {
    view_.last = make_intrusive<ViewStep>(op_, others_, k++, before);
    // A base that is reshaped in place stays the base. An interpreter may have returned an undefined tensor.
    if (result.defined() && !result.is_same(view_.base)) set_view(result, view_);
  });
}

void RecordViews::operator()(const Call& call, Stack& stack) const {
  const size_t count = call.schema().arguments.size();
  const Tensor viewed = stack.last(count)[0].tensor();
  const bool reshapes = form == ops::Form::in_place;
  if (reshapes && viewed.defined()) refuse_writing_inference(viewed);
  ViewsMade views(functional_form(call, declaration, form), stack.last(count));
  const size_t below = stack.size() - count;
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::ADInplaceOrView), stack);
  if (reshapes && viewed.defined() && !is_inference(viewed)) viewed.bump_version();
  views.note(stack.last(stack.size() - below));
}

}  // namespace engine::autograd
