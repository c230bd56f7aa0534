#include "engine/ops/form_kernels.h"

#include <fmt/core.h>

#include "engine/backends/copy.h"
#include "engine/core/check.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/core/inference.h"
#include "engine/dispatch/operator.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/promotion.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

using Results = SmallVector<Tensor, 2>;

// Views share memory, whatever its dtype. Others compute, and refuse a dtype that kernels are not compiled
// for.
void check_dtype(const OperatorDeclaration& declaration, const CallArguments& args, DType dtype) {
  if (!is_computed(dtype) && !declaration.dtypes.has(dtype)) args.refuse_dtype(dtype);
}

Tensor view_planned(const Tensor& of, const PlannedTensor& plan) {
  Tensor view = of.view_as(plan.dtype, plan.sizes, plan.strides, plan.offset);
  view.set_keys(view.keys() ^ plan.toggled);
  return view;
}

SmallVector<size_t> written_arguments(const Schema& schema) {
  SmallVector<size_t> written;
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (schema.arguments[i].is_write()) written.push_back(i);
  return written;
}

// Checks that the plan can be written to the tensor, before anything changes. Pointwise operators cast what
// they write in place, others do not.
void check_writable(const Tensor& to, const PlannedTensor& plan, Form form, bool pointwise) {
  if (to.device() != plan.device) refuse_devices(plan.device, to.device());
  if (!can_cast(plan.dtype, to.dtype()))
    throw Error(fmt::format("result type {} can't be cast to the desired output type {}", name_of(plan.dtype),
                            name_of(to.dtype())));
  if (form == Form::in_place && !pointwise && to.dtype() != plan.dtype)
    throw Error(fmt::format("the result's dtype {} differs from the dtype {} of the tensor written in place",
                            name_of(plan.dtype), name_of(to.dtype())));
  if (form == Form::in_place && to.sizes() != IntSpan(plan.sizes))
    throw Error(fmt::format("output with shape {} doesn't match the broadcast shape {}",
                            sizes_text<int64_t>(to.sizes()), sizes_text<int64_t>(IntSpan(plan.sizes))));
  if (to.sizes() == IntSpan(plan.sizes)) refuse_self_overlap(to);
}

// Whether computing straight into `to` could overwrite elements that are still to be read. Refuses partial
// overlap.
bool needs_temporary(const Tensor& to, const CallArguments& args, size_t own, bool pointwise, bool resizes) {
  bool needs = false;
  for (size_t i = 0; i < args.size(); ++i) {
    if (i == own || args.schema().arguments[i].is_out()) continue;
    for_each_tensor(args[i], [&](const Tensor& read) {
      if (!read.defined()) return;
      // A resized tensor may grow over what is read.
      const Overlap overlap = resizes ? Overlap::none : overlap_of(to, read);
      if (overlap == Overlap::partial)
        throw Error(
            "unsupported operation: some elements of the input tensor and the written-to tensor refer "
            "to a single memory location. Please clone() the tensor before performing the operation.");
      needs = needs || (resizes && to.shares_storage(read)) || overlap == Overlap::unclear ||
              (overlap == Overlap::full && !pointwise);
    });
  }
  return needs;
}

// Resizes the tensors that a call writes. If the call raises, it leaves its tensors as they were: without
// keep(), they get their sizes back.
class Resizing {
 public:
  Resizing() = default;
  Resizing(const Resizing&) = delete;
  Resizing& operator=(const Resizing&) = delete;
  ~Resizing() {
    for (const Before& each : before_)
      each.tensor.set_geometry(each.sizes, each.strides, each.tensor.offset());
  }

  void resize(const Tensor& tensor, IntSpan sizes, IntSpan strides) {
    before_.push_back({tensor, tensor.sizes().copy(), tensor.strides().copy()});
    resize_to(tensor, sizes, strides);
  }
  void keep() { before_.clear(); }

 private:
  struct Before {
    Tensor tensor;
    Dims sizes, strides;
  };
  std::vector<Before> before_;
};

void write(const OperatorDeclaration& declaration, Form form, const CallArguments& args) {
  const Plan plan = planned(declaration, args);
  const SmallVector<size_t> written = written_arguments(args.schema());
  CHECK(plan.size() == written.size(), "a plan for each written tensor of " + args.schema().qualified());
  SmallVector<Tensor> targets, results;
  for (size_t k = 0; k < plan.size(); ++k) {
    const Tensor& to = args.tensor(written[k]);
    check_writable(to, plan[k], form, declaration.pointwise);
    const bool resizes = to.sizes() != IntSpan(plan[k].sizes);
    const bool temporary = to.dtype() != plan[k].dtype ||
                           needs_temporary(to, args, written[k], declaration.pointwise, resizes) ||
                           (form == Form::in_place && !declaration.pointwise);
    targets.push_back(to);
    results.push_back(temporary ? Tensor() : to);
  }
  Resizing resizing;
  for (size_t k = 0; k < plan.size(); ++k) {
    if (targets[k].sizes() != IntSpan(plan[k].sizes))
      resizing.resize(targets[k], plan[k].sizes, plan[k].strides);
    if (!results[k].defined())
      results[k] = make_strided_tensor(plan[k].dtype, plan[k].sizes, plan[k].strides, plan[k].device);
  }
  const bool computes = !plan.empty() && plan[0].device.type != DeviceType::meta;
  if (computes) declaration.compute(args, span_of(results));
  resizing.keep();
  if (!computes) return;
  for (size_t k = 0; k < plan.size(); ++k)
    if (!results[k].is_same(targets[k])) copy_elements(targets[k], results[k]);
}

// A view operator's in-place form: the tensor itself becomes the view.
void reshape_in_place(const OperatorDeclaration& declaration, const CallArguments& args) {
  const Plan plan = declaration.rule(args);
  args.tensor(0).set_geometry(plan[0].sizes, plan[0].strides, plan[0].offset);
}

// The results, as planned: new tensors and views of arguments.
Results allocated(const Plan& plan, const CallArguments& args) {
  Results results;
  for (const PlannedTensor& each : plan) {
    if (each.is_view)
      results.push_back(view_planned(args.tensor(0), each));
    else if (each.is_zero)
      results.push_back(make_zero_tensor(each.dtype, each.sizes, each.device));
    else
      results.push_back(make_strided_tensor(each.dtype, each.sizes, each.strides, each.device));
  }
  return results;
}

void replace_by_results(const Call& call, Stack& stack, size_t count, Results&& results) {
  const Schema& schema = call.schema();
  stack.drop(count);
  if (schema.returns.size() == 1 && schema.returns[0].type.kind == TypeKind::list) {
    stack.push_back(Value(std::vector<Tensor>(std::make_move_iterator(results.begin()),
                                              std::make_move_iterator(results.end()))));
    return;
  }
  CHECK(results.size() == schema.returns.size(), "a plan for each result of " + schema.qualified());
  for (Tensor& result : results) stack.push_back(Value(std::move(result)));
}

}  // namespace

Plan planned(const OperatorDeclaration& declaration, const CallArguments& args) {
  if (declaration.kind == OperatorKind::view) return declaration.rule(args);
  for (size_t i = 0; i < args.size(); ++i)
    for_each_tensor(args[i], [&](const Tensor& tensor) {
      if (tensor.defined()) check_dtype(declaration, args, tensor.dtype());
    });
  Plan plan = declaration.rule(args);
  for (const PlannedTensor& each : plan) check_dtype(declaration, args, each.dtype);
  return plan;
}

void resize_to(const Tensor& tensor, IntSpan sizes, IntSpan strides) {
  const Extent extent = extent_of(sizes, strides);
  size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<size_t>(tensor.offset() + extent.high), size_of(tensor.dtype()),
                             &bytes))
    throw Error("the tensor is too large");
  if (tensor.storage()->bytes() < bytes && extent.high > 0) tensor.storage()->resize(bytes);
  tensor.set_geometry(sizes, strides, tensor.offset());
}

void FormKernel::operator()(const Call& call, Stack& stack) const {
  const size_t count = call.schema().arguments.size();
  const CallArguments args(call.schema(), stack.last(count));
  Results results;
  if (form == Form::functional) {
    const Plan plan = planned(*declaration, args);
    results = allocated(plan, args);
    const bool computes = declaration->compute && !plan.empty() && plan[0].device.type != DeviceType::meta;
    if (computes) declaration->compute(args, span_of(results));
  } else {
    if (declaration->kind == OperatorKind::view)
      reshape_in_place(*declaration, args);
    else
      write(*declaration, form, args);
    for (const size_t i : written_arguments(call.schema())) results.push_back(args.tensor(i));
  }
  replace_by_results(call, stack, count, std::move(results));
}

void SelectBackend::operator()(const Call& call, Stack& stack) const {
  const std::span<Value> values = stack.last(call.schema().arguments.size());
  Device device;
  if (device_argument >= 0 && !values[static_cast<size_t>(device_argument)].is_none())
    device = values[static_cast<size_t>(device_argument)].device();
  const KeySet below = call.keys & KeySet::full_after(DispatchKey::BackendSelect);
  call.op().redispatch_boxed(below | runtime_key(DispatchKey::Dense, backend_of(device.type)), stack);
}

void BumpVersions::operator()(const Call& call, Stack& stack) const {
  SmallVector<Tensor, 2> written;
  for_each_written_tensor(call.schema(), stack.last(call.schema().arguments.size()),
                          [&](const WrittenTensor& each) {
                            refuse_writing_inference(each.tensor);
                            written.push_back(each.tensor);
                          });
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::ADInplaceOrView), stack);
  for (const Tensor& tensor : written)
    if (!is_inference(tensor)) tensor.bump_version();
}

}  // namespace engine::ops
