#include "oracles/subjects/torch/error_origin.h"

#include <c10/core/Device.h>

#include <algorithm>
#include <array>
#include <string>

#include "corpora/case/catalog.h"

namespace oracles::aten {

namespace {

// "FILE:LINE" of the statement that raised, from the lines that c10 adds to what().
std::string_view place_of(const c10::Error& error) {
  constexpr std::string_view before = "Exception raised from ", after = " (most recent call first)";
  std::string_view text = error.what();
  const size_t from = text.rfind(before);
  if (from == std::string_view::npos) return {};
  text = text.substr(from, text.find(after, from) - from);
  const size_t at = text.rfind(" at ");
  return at == std::string_view::npos ? std::string_view() : text.substr(at + 4);
}

// The prefix of "c10/core/Device.cpp" in libtorch's build: "./", "../" or an absolute folder.
const std::string& build_root() {
  static const std::string root = [] {
    try {
      (void)c10::Device("no device");
    } catch (const c10::Error& error) {
      const std::string_view place = place_of(error);
      return std::string(place.substr(0, std::min(place.find("c10/"), place.size())));
    }
    return std::string();
  }();
  return root;
}

struct Wording {
  std::string_view message;  // a glob that matches the whole message
  Meaning meaning;
};

constexpr Meaning not_implemented{true, ErrorCause::missing_kernel};
constexpr Meaning missing_kernel{false, ErrorCause::missing_kernel};
constexpr Meaning values{false, ErrorCause::values};
constexpr Meaning no_data{false, ErrorCause::no_data};
constexpr Meaning layout{false, ErrorCause::layout};

constexpr std::string_view dtype_dispatch = "\"*\" not implemented for '*'";

constexpr std::array wordings{
    Wording{dtype_dispatch, not_implemented},
    Wording{"*: ATen not compiled with * support", not_implemented},
    Wording{"*requires compiling PyTorch with *", not_implemented},
    Wording{"heaviside is not yet implemented for * tensors.", not_implemented},
    Wording{"heaviside is not yet implemented for tensors with different dtypes.", not_implemented},
    Wording{"linalg.lu_factor: LU without pivoting is not implemented on the CPU", missing_kernel},
    Wording{"Batching rule not implemented for *", not_implemented},
    Wording{"vmap: *", not_implemented},
    Wording{"vmap over * isn't supported yet. *", not_implemented},
    Wording{"Error: aten::* requires special handling, and does not yet have a batching rule.*",
            not_implemented},
    Wording{"When vmap-ing torch.nn.functional.one_hot, please provide an explicit positive *",
            not_implemented},
    Wording{"repeat_interleave: vmapping over the `repeats` tensor requires the `output_size` *",
            not_implemented},
    Wording{"!schema.hasAnyAliasInfo() INTERNAL ASSERT FAILED at *", not_implemented},
    Wording{"Found a custom (non-ATen) operator whose output has alias annotations: *", not_implemented},
    Wording{"There was no fake impl registered for *", not_implemented},
    Wording{"derivative for * is not implemented*", not_implemented},
    Wording{"batch_norm is not differentiable wrt running_mean and running_var, *", not_implemented},
    Wording{"* is not yet supported with named tensors. Please drop names *", not_implemented},
    Wording{"jvp is not implemented for the c++ API of custom Function yet.*", not_implemented},
    Wording{"Trying to backward through * but no autograd formula was registered.*", not_implemented},
    Wording{"* does not support automatic differentiation for outputs with complex dtype.", not_implemented},
    Wording{"The function '*' is not differentiable with respect to argument '*", not_implemented},
    Wording{"Output * of * is a view and is being modified inplace. *", not_implemented},
    Wording{"cannot resize variables that require grad", not_implemented},
    Wording{"*_backward: The * in the complex case are specified up to multiplication by e^{i phi}*",
            not_implemented},
    Wording{"linalg_*_backward: * is not differentiable. Use *", not_implemented},
    Wording{"*: You're trying to run this operator with meta Tensors (as opposed to *", no_data},
    Wording{"* please report a bug to PyTorch. Unsupported datatype for add_relu:*", missing_kernel},
    Wording{"ZeroDivisionError", values},
    Wording{"pivots passed to lu_unpack must be between 1 and LU.size(-2) inclusive.*", values},
    Wording{"value cannot be converted to type * without overflow", values},
    Wording{"DispatchStub: unsupported device type*meta", no_data},
    Wording{"The tensor has a non-zero number of elements, but its data is not allocated yet.*", no_data},
    Wording{"NYI: named tensors only support CPU and CUDA tensors", no_data},
    Wording{"'lengths' argument should be a 1D CPU int64 tensor, but got * meta * tensor", no_data},
    Wording{"mode only supports * device type, got: meta", no_data},
    Wording{"* only supports CPU and CUDA devices, * got: meta", no_data},
    Wording{"itensor_view_from_dense expects CPU tensor input", no_data},
    Wording{"dense_to_mkldnn expects CPU tensor input", no_data},
    Wording{"input must be a CPU tensor; it is currently on device meta", no_data},
    Wording{"tensor_split expected tensor_indices_or_sections to be on cpu, but it's on meta", no_data},
    Wording{"Can not infer total number of classes from meta tensor.", no_data},
    Wording{"device type of values (meta) must match device type of device().type()*", no_data},
    Wording{"Expected tensor to have CPU Backend, but got tensor with Meta Backend *", no_data},
    Wording{"*is_contiguous() INTERNAL ASSERT FAILED at *", layout},
    Wording{"view size is not compatible with input tensor's size and stride *", layout},
    Wording{"* be on cpu, but it's on *", missing_kernel},
    Wording{"DispatchStub: unsupported device type*", missing_kernel},
    Wording{"Unsupported device type for Sparse* layout: *", missing_kernel},
    Wording{"device type of values (*) must be CPU or CUDA*", missing_kernel},
    Wording{"'lengths' argument should be a 1D CPU int64 tensor, but got *", missing_kernel},
    Wording{"mode only supports CPU AND CUDA device type, got: *", missing_kernel},
    Wording{"storage_device.is_cpu() || storage_device.is_cuda() INTERNAL ASSERT FAILED at *",
            missing_kernel},
};

}  // namespace

bool is_library_file(std::string_view file) {
  constexpr std::array<std::string_view, 5> trees{"aten/", "build/aten/", "c10/", "caffe2/", "torch/"};
  constexpr std::array<std::string_view, 3> headers{"*/include/ATen/*", "*/include/c10/*",
                                                    "*/include/torch/*"};
  const auto holds = [&](std::string_view header) { return corpora::glob_match(header, file); };
  if (std::ranges::any_of(headers, holds)) return true;
  if (!file.starts_with(build_root())) return false;
  file.remove_prefix(build_root().size());
  return std::ranges::any_of(trees, [&](std::string_view tree) { return file.starts_with(tree); });
}

bool raised_by_library(const c10::Error& error) { return is_library_file(place_of(error)); }

Meaning meaning_of(std::string_view message) {
  for (const Wording& wording : wordings)
    if (corpora::glob_match(wording.message, message)) return wording.meaning;
  return {};
}

bool is_dtype_dispatch(std::string_view message) { return corpora::glob_match(dtype_dispatch, message); }

bool is_internal_assert(const c10::Error& error) {
  const std::string_view place = place_of(error);
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string assertion = " INTERNAL ASSERT FAILED at \"";
  assertion.append(place.substr(0, colon)).append("\"").append(place.substr(colon)).append(",");
  return std::string_view(error.what_without_backtrace()).find(assertion) != std::string_view::npos;
}

}  // namespace oracles::aten
