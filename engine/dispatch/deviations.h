// Deviations: where this dispatcher differs from c10 because c10 is not sound, one row each. The test of a
// row names it.
#pragma once

#include <array>
#include <string_view>

namespace engine {

struct Deviation {
  std::string_view name;
  std::string_view here;  // what this dispatcher does
  std::string_view c10;   // what c10 does
  std::string_view reason;
};

inline constexpr std::array<Deviation, 21> deviations{{
    {"no_backend_bit", "a per-backend functionality without a backend bit is Undefined, by name and by slot",
     "the slot is CPU's and the name is Unknown",
     "a call must not reach a kernel of a device that no argument is on"},
    {"alias_is_no_member", "has(alias) is false", "true for every set, because an alias has no bits",
     "aliases are never members"},
    {"guards_restore_backends", "a guard removes the backend bits that it added",
     "backend bits remain: after including Meta, calls on CPU tensors go to Meta",
     "a scope must restore the state before it"},
    {"guards_in_any_order",
     "a guard that ends before a younger one keeps the keys that the younger one added",
     "the younger guard loses the key", "the end of one scope must not change another"},
    {"generator_counts_boxed", "a Generator adds its device's key to boxed and typed calls",
     "to typed calls only", "boxing must not change what a call does"},
    {"any_counts_boxed", "a tensor in an Any argument adds its keys to boxed and typed calls",
     "to typed calls only", "boxing must not change what a call does"},
    {"mask_by_effective_backend",
     "the mask of fallthroughs is that of the highest backend of the effective keys",
     "of the arguments' keys: if the thread includes a backend, a fallthrough can be executed",
     "a fallthrough is never executed"},
    {"redispatch_passes_fallthrough", "a redispatch to a fallthrough continues at the next key",
     "internal error", "a fallthrough does nothing"},
    {"building_block_refused", "a kernel for Dense, Sparse, AutogradFunctionality ... is refused",
     "it is stored and never called", "a registration without effect is an error of its author"},
    {"signature_of_the_living", "C++ signatures are compared with those of the registered kernels",
     "with that of the first kernel, also after it is removed",
     "removing every registration must restore the initial state"},
    {"no_schema_is_said", "a call through a handle whose definition was removed raises 'has no schema'",
     "it is dispatched without arguments, and the error says that no argument is a tensor",
     "the error must name the cause"},
    {"written_tensor_is_returned",
     "a boxed kernel that returns a tensor other than the written one is an error",
     "typed callers get the argument, boxed callers the other tensor",
     "boxing must not change what a call returns"},
    {"result_count_is_checked", "a boxed kernel that returns too many or too few results is an error",
     "in debug builds only", "values of an outer call must not become results"},
    {"lists_are_values", "changing a list on the stack does not change the caller's list",
     "lists are shared objects", "a fallback must not write into its caller's arguments"},
    {"stack_on_error", "a typed kernel that throws leaves the depth of the stack unchanged",
     "arguments may be moved out", "a caller that catches must know what is on the stack"},
    {"fallback_alias_whole", "a fallback for an alias is registered for all its keys or for none",
     "keys before the first one that has a fallback are registered", "a refusal changes nothing"},
    {"autograd_of_every_backend", "the backends of AutogradHIP and AutogradVE are HIP and VE",
     "they have none, so a composite kernel is used there although the backend has a kernel",
     "the rule is the same for every backend"},
    {"explicit_refreshes_autograd", "CompositeExplicitAutograd refreshes every slot that it affects",
     "only those that it serves: autograd slots, NestedTensor's and, for kernels of backends, AutogradOther "
     "keep their old kernel, and c10's own check of the table then fails (observed with 1.13.1)",
     "a table is what the rule computes"},
    {"meta_is_highest", "Meta is the highest backend: a call on Meta and another backend goes to Meta",
     "before 2.0 the out-of-tree backends were higher", "the order is that of PyTorch's main"},
    {"composite_serves_functionalize", "CompositeImplicitAutograd serves Functionalize", "not before 2.0",
     "the table is that of PyTorch's main"},
    {"refusal_changes_nothing", "a refused registration changes nothing",
     "the operator's name and the refused kernel's C++ signature remain", "a refusal changes nothing"},
}};

}  // namespace engine
