#include "reports/python_facts.h"

#include <fmt/format.h>

namespace reports {
namespace {

using oracles::Kind;

constexpr std::string_view tensors_part = R"(

def tensors(result):
    """The tensors in a result, lists flattened; None for an undefined tensor."""
    if isinstance(result, (list, tuple)):
        return [t for part in result for t in tensors(part)]
    return [result]
)";

constexpr std::string_view values_part = R"(

def fact(t, x):
    """The values of a tensor, row by row."""
    if not isinstance(t, torch.Tensor):
        return t
    if t.is_meta or t.layout != torch.strided:
        return None
    if t._is_zerotensor():
        t = torch.zeros(t.shape, dtype=t.dtype)
    t = t.detach().resolve_conj().resolve_neg()
    return t.clone(memory_format=torch.contiguous_format).reshape(-1).tolist()
)";

constexpr std::string_view strides_part = R"(

def fact(t, x):
    """Strides, without those of empty tensors and of dimensions of size 1, which do not matter."""
    if not isinstance(t, torch.Tensor) or t.layout != torch.strided or t.numel() == 0:
        return None
    return [stride for stride, size in zip(t.stride(), t.shape) if size != 1]
)";

constexpr std::string_view geometry_part = R"(

def fact(t, x):
    """Sizes, strides and offset."""
    strides = [stride for stride, size in zip(t.stride(), t.shape) if size != 1]
    return list(t.shape), strides, t.storage_offset()
)";

constexpr std::string_view contents_part = R"(

def fact(t, x):
    """Everything that a write could change."""
    values = t.clone(memory_format=torch.contiguous_format).reshape(-1).tolist()
    return list(t.shape), list(t.stride()), values
)";

constexpr std::string_view changes_part = R"(

def fact(t, x):
    """What a call may change in an input: its sizes and values."""
    sizes = list(t.shape)
    if t._is_zerotensor():
        t = torch.zeros(t.shape, dtype=t.dtype)
    t = t.detach().resolve_conj().resolve_neg()
    return sizes, t.clone(memory_format=torch.contiguous_format).reshape(-1).tolist()
)";

constexpr std::string_view alias_part = R"(

def memory_of(t):
    try:
        return t.untyped_storage()._cdata if hasattr(t, "untyped_storage") else t.storage()._storage._cdata
    except (NotImplementedError, RuntimeError):
        return None  # a tensor without memory


def fact(t, x):
    """Which memory a tensor has: an input's, or its own."""
    if not isinstance(t, torch.Tensor) or t.layout != torch.strided or memory_of(t) is None or t.numel() == 0:
        return None
    owners = [i for i, tensor in enumerate(x) if memory_of(tensor) == memory_of(t)]
    return "the memory of input %d" % owners[0] if owners else "memory of its own"
)";

constexpr std::string_view identity_part = R"(

def fact(t, x):
    """Which input a result is, if it is one."""
    return next(("input %d" % i for i, tensor in enumerate(x) if tensor is t), "a tensor of its own")
)";

constexpr std::string_view outputs_part = R"(

def fact(t, x):
    """The type of a result; of a tensor its layout and lazy bits."""
    if not isinstance(t, torch.Tensor):
        return type(t).__name__
    return "%s tensor%s%s" % (t.layout, " conj" if t.is_conj() else "", " neg" if t.is_neg() else "")
)";

constexpr std::string_view bits_part = R"(

def fact(t, x):
    """Whether a result of f64 has more bits than f32 has."""
    if not isinstance(t, torch.Tensor) or t.dtype not in (torch.float64, torch.complex128):
        return "more bits than f32"
    t = t.detach().resolve_conj().resolve_neg().nan_to_num()
    narrow = t.to(torch.complex64 if t.is_complex() else torch.float32)
    return "the bits of f32" if torch.equal(narrow.to(t.dtype), t) else "more bits than f32"
)";

constexpr std::string_view state_part = R"(

def state():
    """The thread's state."""
    return {
        "included": str(torch._C._dispatch_tls_local_include_set()),
        "excluded": str(torch._C._dispatch_tls_local_exclude_set()),
        "default dtype": torch.get_default_dtype(),
        "grad": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "autocast": torch.is_autocast_cpu_enabled(),
        "threads": torch.get_num_threads(),
    }
)";

constexpr std::string_view gradient_part = R"(

def fact(t, x):
    return "requires %s gradient" % ("a" if isinstance(t, torch.Tensor) and t.requires_grad else "no")
)";

std::string simple_part(std::string_view expression) {
  return fmt::format(R"(

def fact(t, x):
    return {} if isinstance(t, torch.Tensor) else None
)",
                     expression);
}

std::string fact_part(Kind kind, const ReproPlan& plan) {
  switch (kind) {
    case Kind::sizes:
      return simple_part("list(t.shape)");
    case Kind::strides:
      return std::string(plan.promise() ? geometry_part : strides_part);
    case Kind::offset:
      return simple_part("t.storage_offset() if t.numel() else None");
    case Kind::dtype:
      return plan.promise() ? std::string(bits_part) : simple_part("str(t.dtype)");
    case Kind::device:
      return simple_part("str(t.device)");
    case Kind::version:
      return simple_part("t._version");
    case Kind::alias:
      return std::string(alias_part);
    case Kind::identity:
      return std::string(identity_part);
    case Kind::gradient:
      return std::string(gradient_part);
    case Kind::outputs:
      return std::string(outputs_part);
    case Kind::mutation:
      return std::string(plan.promise() ? contents_part : changes_part);
    default:
      return std::string(values_part);
  }
}

}  // namespace

std::string python_facts(Kind kind, const ReproPlan& plan) {
  if (kind == Kind::state) return std::string(tensors_part) + std::string(state_part);
  if (kind == Kind::error || plan.dies) return std::string(tensors_part);
  return std::string(tensors_part) + fact_part(kind, plan);
}

}  // namespace reports
