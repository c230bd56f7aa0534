#include "corpora/case/layers.h"

#include <array>

namespace corpora {

namespace {

using engine::DispatchKey;

// PyTorch negates neither booleans nor the unsigned integers that 2.x added.
bool has_negation(engine::DType dtype) {
  using enum engine::DType;
  return dtype != b8 && dtype != u16 && dtype != u32 && dtype != u64;
}

constexpr std::string_view engine_only = "only Faultline's own engine has this layer";
constexpr std::string_view modes_of_ours = "the modes and wrapper tensors are those of Faultline";
constexpr std::string_view node_of_ours = "inputs are the outputs of an autograd node of Faultline's";
constexpr std::string_view device_of_ours = "one side is on a device that only Faultline has";
constexpr std::string_view not_written = "reproducers do not contain the steps of this layer";

// clang-format off
constexpr std::array rows{
    LayerRow{.kind = LayerKind::zeros, .name = "zeros",
             .phrase = "storage {} holds real zeros",
             .takes = LayerTakes::storage, .bytes = StorageBytes::zeros,
             .excludes = LayerKind::grad, .on_request = false,
             .python_memory = "base = torch.zeros_like(base)\n",
             .cpp_memory = "base = at::zeros_like(base);\n"},
    LayerRow{.kind = LayerKind::zero, .name = "zero",
             .phrase = "inputs on storage {} are ZeroTensors",
             .takes = LayerTakes::storage, .key = DispatchKey::ZeroTensor, .marks_views = true,
             .bytes = StorageBytes::none, .excludes = LayerKind::grad, .under_python = true,
             .python_memory = "base = torch._efficientzerotensor(base.shape, dtype=base.dtype)\n",
             .cpp_memory = "base = at::_efficientzerotensor(base.sizes(), base.options());\n"},
    LayerRow{.kind = LayerKind::conj, .name = "conj",
             .phrase = "inputs on storage {} have the conj bit, and their memory is conjugated",
             .takes = LayerTakes::storage, .key = DispatchKey::Conjugate, .marks_views = true,
             .bytes = StorageBytes::conjugated, .accepts = engine::is_complex, .under_python = true,
             .python_memory = "# conjugated memory and the bit that conjugates it back\n"
                              "base = base if base._is_zerotensor() else base.conj().resolve_conj()\n"
                              "marks.append(torch.conj)\n",
             .cpp_memory = "if (!base._is_zerotensor()) base = base.conj().resolve_conj();\n"
                           "marks.push_back([](const at::Tensor& t) { return t.conj(); });\n"},
    LayerRow{.kind = LayerKind::neg, .name = "neg",
             .phrase = "inputs on storage {} have the neg bit, and their memory is negated",
             .takes = LayerTakes::storage, .key = DispatchKey::Negative, .marks_views = true,
             .bytes = StorageBytes::negated, .accepts = has_negation, .under_python = true,
             .python_memory = "# negated memory and the bit that negates it back\n"
                              "base = base if base._is_zerotensor() else -base\n"
                              "marks.append(torch._neg_view)\n",
             .cpp_memory = "if (!base._is_zerotensor()) base = -base;\n"
                           "marks.push_back([](const at::Tensor& t) { return at::_neg_view(t); });\n"},
    LayerRow{.kind = LayerKind::typed, .name = "typed",
             .phrase = "calls are unboxed, with C++ types",
             .under_python = true,
             .no_python = "Python only makes boxed calls, and here one side is typed"},
    LayerRow{.kind = LayerKind::meta, .name = "meta",
             .phrase = "all tensors and device arguments are on the meta device",
             .key = DispatchKey::Meta, .bytes = StorageBytes::none, .excludes = LayerKind::grad,
             .under_python = true,
             .python_memory =
                 "base = torch.empty_strided(base.shape, (1,), dtype=base.dtype, device=\"meta\")\n",
             .cpp_memory =
                 "base = at::empty_strided(base.sizes(), {1}, base.options().device(at::kMeta));\n"},
    LayerRow{.kind = LayerKind::contiguous, .name = "contiguous",
             .phrase = "every input is a fresh contiguous copy",
             .excludes = LayerKind::grad,
             .python_views = "x = [t.clone(memory_format=torch.contiguous_format) for t in x]\n",
             .cpp_views = "for (at::Tensor& t : x) t = t.clone(at::MemoryFormat::Contiguous);\n"},
    LayerRow{.kind = LayerKind::pattern, .name = "pattern",
             .phrase = "fresh memory holds a different byte pattern",
             .on_request = false},
    LayerRow{.kind = LayerKind::form, .name = "form",
             .phrase = "the program is rewritten to its form number {} (forms.h)",
             .takes = LayerTakes::number},
    LayerRow{.kind = LayerKind::host_cuda, .name = "host_cuda",
             .phrase = "CUDA kernels run on the host, with their threads in order number {}",
             .takes = LayerTakes::number, .no_python = engine_only},
    LayerRow{.kind = LayerKind::python, .name = "python",
             .phrase = "calls pass through two interpreter modes that change nothing",
             .key = DispatchKey::Python, .no_python = modes_of_ours},
    LayerRow{.kind = LayerKind::wrapped, .name = "wrapped",
             .phrase = "inputs on storage {} are wrappers, whose interpreter computes with the wrapped tensors",
             .takes = LayerTakes::storage, .key = DispatchKey::Python, .excludes = LayerKind::grad,
             .no_python = modes_of_ours},
    LayerRow{.kind = LayerKind::peer, .name = "peer",
             .phrase = "the whole program runs on the other library",
             .no_python = engine_only},
    LayerRow{.kind = LayerKind::grad, .name = "grad",
             .phrase = "inputs of real or complex numbers require grad, and results are run backwards",
             .key = DispatchKey::AutogradFunctionality,
             .python_memory = "if base.is_floating_point() or base.is_complex():\n"
                              "    base = base.requires_grad_().clone()\n",
             .cpp_memory = "if (base.is_floating_point() || base.is_complex())\n"
                           "  base = base.requires_grad_().clone();\n"},
    LayerRow{.kind = LayerKind::constant, .name = "constant",
             .phrase = "storage {} requires no grad",
             .takes = LayerTakes::storage, .needs = LayerKind::grad,
             .python_memory = "base = base.detach()\n",
             .cpp_memory = "base = base.detach();\n"},
    LayerRow{.kind = LayerKind::leaf, .name = "leaf",
             .phrase = "inputs on storage {} are views of a leaf, which no call may write",
             .takes = LayerTakes::storage, .needs = LayerKind::grad,
             .python_memory = "base = base.detach().requires_grad_()\n",
             .cpp_memory = "base = base.detach().requires_grad_();\n"},
    LayerRow{.kind = LayerKind::unrecorded, .name = "unrecorded",
             .phrase = "storage {} requires no grad, and its views were created in no-grad mode",
             .takes = LayerTakes::storage, .needs = LayerKind::grad, .implies = LayerKind::constant,
             .no_python = engine_only},
    LayerRow{.kind = LayerKind::no_grad, .name = "no_grad",
             .phrase = "calls run in no-grad mode",
             .needs = LayerKind::grad,
             .python_views = "torch.set_grad_enabled(False)  # until the end of the script\n",
             .cpp_views = "at::GradMode::set_enabled(false);  // until the end of the program\n"},
    LayerRow{.kind = LayerKind::inference, .name = "inference",
             .phrase = "calls run in inference mode",
             .needs = LayerKind::grad,
             .python_views = "side.mode = torch.inference_mode()  # until the end of the script\n"
                             "side.mode.__enter__()\n",
             .cpp_views = "static const c10::InferenceMode mode;  // until the end of the program\n"},
    LayerRow{.kind = LayerKind::incoming, .name = "incoming",
             .phrase = "results are run backwards with the incoming gradients of draw {}",
             .takes = LayerTakes::number, .needs = LayerKind::grad, .no_python = node_of_ours},
    LayerRow{.kind = LayerKind::second, .name = "second",
             .phrase = "gradients are run backwards, too",
             .needs = LayerKind::grad, .no_python = node_of_ours},
    LayerRow{.kind = LayerKind::functional, .name = "functional",
             .phrase = "the program is functionalised; {} is 1 if view operators stay views, else 0",
             .takes = LayerTakes::number, .key = DispatchKey::Functionalize, .excludes = LayerKind::grad,
             .python_views =
                 "torch._enable_functionalization(reapply_views=number == 1)\n"
                 "bases = [torch._to_functional_tensor(base) for base in memory]\n"
                 "of = [s for s, _, _, _ in side.views]\n"
                 "x = [torch._to_functional_tensor(t) if of.count(s) == 1 else bases[s].as_strided(*view)\n"
                 "     for t, (s, *view) in zip(x, side.views)]\n",
             .python_results =
                 "wrapped = [t for t in x + tensors(result) if isinstance(t, torch.Tensor)]\n"
                 "wrapped = [t for t in wrapped if torch._is_functional_tensor(t)]\n"
                 "for t in wrapped:\n"
                 "    torch._sync(t)\n"
                 "torch._disable_functionalization()\n"
                 "plain = {id(t): torch._from_functional_tensor(t) for t in wrapped}\n"
                 "x = [plain[id(t)] for t in x]\n"
                 "result = [plain.get(id(t), t) for t in tensors(result)]\n"},
    LayerRow{.kind = LayerKind::batched, .name = "batched",
             .phrase = "storage {} holds a batch",
             .takes = LayerTakes::storage, .key = DispatchKey::FuncTorchBatched, .excludes = LayerKind::grad,
             .no_python = not_written},
    LayerRow{.kind = LayerKind::nested, .name = "nested",
             .phrase = "storage {} holds a batch of the inner of two vmaps",
             .takes = LayerTakes::storage, .key = DispatchKey::FuncTorchBatched, .excludes = LayerKind::grad,
             .no_python = not_written},
    LayerRow{.kind = LayerKind::batching, .name = "batching",
             .phrase = "the position of the batch dimensions has number {}",
             .takes = LayerTakes::number, .excludes = LayerKind::grad, .no_python = not_written},
    LayerRow{.kind = LayerKind::threads, .name = "threads",
             .phrase = "the library uses {} threads",
             .takes = LayerTakes::number},
    LayerRow{.kind = LayerKind::fake, .name = "fake",
             .phrase = "all tensors are fake tensors of the CPU, by draw {}: if it is odd, the program has run "
                       "before, which fills the cache; from 2 on, tensors of one element are constants",
             .takes = LayerTakes::number, .bytes = StorageBytes::none, .no_python = modes_of_ours},
    LayerRow{.kind = LayerKind::symbolic, .name = "symbolic",
             .phrase = "sizes of fake tensors are symbols, by draw {}, replaced by their numbers in results",
             .takes = LayerTakes::number, .needs = LayerKind::fake, .no_python = modes_of_ours},
    LayerRow{.kind = LayerKind::overwritten, .name = "overwritten",
             .phrase = "what a node may have saved is written before the backward pass, by draw {}",
             .takes = LayerTakes::number, .needs = LayerKind::grad, .no_python = node_of_ours},
    LayerRow{.kind = LayerKind::dual, .name = "dual",
             .phrase = "inputs are dual tensors with the tangents of draw {}",
             .takes = LayerTakes::number, .key = DispatchKey::AutogradFunctionality,
             .excludes = LayerKind::grad,
             .python_views =
                 "torch.autograd.forward_ad.enter_dual_level()\n"
                 "x = [torch.autograd.forward_ad.make_dual(t, torch.ones_like(t))\n"
                 "     if t.is_floating_point() or t.is_complex() else t for t in x]\n",
             .python_results = "torch.autograd.forward_ad.exit_dual_level()\n"},
    LayerRow{.kind = LayerKind::fused, .name = "fused",
             .phrase = "the program is observed at its end; it runs call by call (0), as a fused graph (1), or "
                       "with the fallbacks of that graph (2): {}",
             .takes = LayerTakes::number, .excludes = LayerKind::grad, .no_python = not_written},
    LayerRow{.kind = LayerKind::private_device, .name = "private_device",
             .phrase = "all tensors are on the other device: a private one that the CPU fallback serves, or the "
                       "CPU if the run has another device",
             .key = DispatchKey::PrivateUse1, .excludes = LayerKind::grad, .no_python = device_of_ours},
    LayerRow{.kind = LayerKind::other_device, .name = "other_device",
             .phrase = "storage {} is on another device than the others: CUDA kernels that run on the host, or "
                       "the CPU",
             .takes = LayerTakes::storage, .excludes = LayerKind::grad, .no_python = engine_only},
};
// clang-format on

constexpr bool in_order() {
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i].kind != static_cast<LayerKind>(i)) return false;
  return true;
}
static_assert(rows.size() == static_cast<size_t>(LayerKind::count), "each LayerKind needs a row here");
static_assert(in_order(), "the rows must have the order of LayerKind");
static_assert(rows.size() <= 64, "a LayerSet has 64 bits");

}  // namespace

std::span<const LayerRow> all_layers() { return rows; }

const LayerRow& row_of(LayerKind kind) { return rows[static_cast<size_t>(kind)]; }

}  // namespace corpora
