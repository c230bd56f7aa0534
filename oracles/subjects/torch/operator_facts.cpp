#include "oracles/subjects/torch/operator_facts.h"

#include <algorithm>
#include <array>

#include "corpora/case/catalog.h"

namespace oracles::aten {

namespace {

template <size_t n>
bool matches_any(const std::array<std::string_view, n>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view pattern) { return corpora::glob_match(pattern, name); });
}

bool is_generator(const engine::Type& type) {
  return type.kind == engine::TypeKind::generator ||
         (type.kind == engine::TypeKind::optional && is_generator(type.element()));
}

// They draw only for some arguments (dropout in training), so their schemas and tags do not say so.
constexpr std::array<std::string_view, 7> random_operators{
    "aten::lstm",        "aten::gru",       "aten::rnn_tanh",
    "aten::rnn_relu",    "aten::_lstm_mps", "aten::*scaled_dot_product_attention*",
    "quantized::dropout"};

// Without the tag of in-place views, these change the storage or the sizes of what they write.
constexpr std::array<std::string_view, 8> reshaping_operators{
    "aten::resize_as_", "aten::resize_",         "aten::_resize_output_",   "aten::set_",
    "aten::set_data",   "aten::sparse_resize_*", "aten::resize_as_sparse_", "aten::_mkldnn_transpose_"};

// Operators that access files, networks, profilers, the state of the process or special devices, or that need
// a runtime of their own.
constexpr std::array<std::string_view, 22> off_limits_operators{
    "aten::from_file*",      "c10d::*",
    "c10d_functional::*",    "_c10d_functional*::*",
    "symm_mem::*",           "fsdp::*",
    "*::shallow_copy_data_", "profiler::*",
    "static_runtime::*",     "aten::_cuda*",
    "aten::_cufft_*",        "aten::_cudnn_init_dropout_state*",
    "aten::record_stream",   "aten::_torch_cuda_cu_linker_symbol_op*",
    "aten::_backward",       "aten::set_data",
    "aten::_assert_async*",  "aten::*_mps*",
    "aten::_pin_memory*",    "aten::pin_memory",
    "aten::_lazy_*",         "aten::_print*"};

// Operators that PyTorch's own Python code registers, in the same way as its users'.
constexpr std::array<std::string_view, 12> python_libraries{
    "prims::*",     "rngprims::*",     "debugprims::*",        "quantized_decomposed::*",
    "inductor*::*", "export::*",       "_native::*",           "coor::*",
    "flex_gemm::*", "higher_order::*", "_c10d_functional*::*", "_dtensor::*"};

constexpr std::array<std::string_view, 11> dimension_arguments{
    "dim", "dim0", "dim1", "dim2", "names", "out_dim", "dims", "order", "start_dim", "end_dim", "outdim"};

}  // namespace

bool takes_generator(const engine::Schema& schema) {
  return std::any_of(schema.arguments.begin(), schema.arguments.end(),
                     [](const engine::Argument& argument) { return is_generator(argument.type); });
}

bool draws_at_random(std::string_view name) { return matches_any(random_operators, name); }
bool changes_geometry(std::string_view name) { return matches_any(reshaping_operators, name); }
bool is_off_limits(std::string_view qualified) { return matches_any(off_limits_operators, qualified); }

bool is_python_library(std::string_view qualified) { return matches_any(python_libraries, qualified); }
bool is_test_of_library(std::string_view qualified) { return qualified.starts_with("_test::"); }

bool names_a_dimension(std::string_view argument) {
  return std::find(dimension_arguments.begin(), dimension_arguments.end(), argument) !=
         dimension_arguments.end();
}

}  // namespace oracles::aten
