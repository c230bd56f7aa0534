// Deviations: where this dispatcher is sound and c10 is not, one row each. Whoever compares the two reads the
// differences here; each row's test is named after it.
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
     "the slot is CPU's and the name Unknown",
     "a call must not reach a kernel of a device that no argument is on"},
    {"alias_is_no_member", "has(alias) is false", "true for every set, as an alias has no bits",
     "aliases are never members"},
    {"guards_restore_backends", "a guard takes back the backend bits that it added",
     "backend bits leak: after including Meta, calls on CPU tensors stay on Meta",
     "a scope must leave no trace"},
    {"guards_in_any_order", "a guard that ends before a younger one leaves it what both asked for",
     "the younger guard loses the key", "the end of one scope must not change another"},
    {"generator_counts_boxed", "a Generator contributes its device's key to boxed and typed calls alike",
     "to typed calls only", "boxing must not change what a call does"},
    {"any_counts_boxed", "a tensor in an Any argument contributes its keys, boxed or typed",
     "it is ignored boxed", "the same"},
    {"mask_by_effective_backend", "masks per backend go by the highest backend of the effective keys",
     "by the arguments' only: with a backend included by the thread a fallthrough can be executed",
     "a fallthrough is never executed"},
    {"redispatch_passes_fallthrough", "a redispatch to a fallthrough goes on to the next key",
     "internal error", "a fallthrough means that there is nothing to do"},
    {"building_block_refused", "a kernel for Dense, Sparse, AutogradFunctionality ... is refused",
     "it is stored and never called", "a registration without effect is a mistake of its author"},
    {"signature_of_the_living", "C++ signatures are compared with those of kernels that are registered now",
     "the first ever fixes them, also after it is gone", "deregistering everything must restore the start"},
    {"no_schema_is_said", "a handle whose definition is gone raises 'has no schema'",
     "it dispatches without arguments and reports that none is a tensor", "the error must name the cause"},
    {"written_tensor_is_returned", "a boxed kernel that gives another tensor for a written one is an error",
     "typed callers silently get the argument, boxed callers the other tensor",
     "boxing must not change what a call returns"},
    {"result_count_is_checked", "too many or too few results of a boxed kernel are an error",
     "in debug builds only", "values of somebody else must not become results"},
    {"lists_are_values", "changing a list on the stack does not change the caller's",
     "lists are shared objects", "a fallback must not write into its caller's arguments"},
    {"stack_on_error", "a typed kernel that throws leaves the stack as deep as it was",
     "arguments may be moved out", "a caller that catches must know what it holds"},
    {"fallback_alias_whole", "a fallback for an alias is registered whole or not at all",
     "slots before the first one that is taken stay registered", "a refusal changes nothing"},
    {"autograd_of_every_backend", "AutogradHIP and AutogradVE have HIP and VE as their backends",
     "they have none, so a composite is taken there although the backend has a kernel",
     "the rule must hold for every backend"},
    {"explicit_refreshes_autograd", "CompositeExplicitAutograd refreshes every slot that it decides",
     "only those that it serves: autograd slots, NestedTensor's and, for kernels of backends, AutogradOther "
     "keep what they were, and its own check of a table that is asked for then fails (seen on 1.13.1)",
     "a table is what the rule says"},
    {"meta_is_highest", "Meta is the highest backend, so that a mix of Meta and another is Meta's",
     "before 2.0 the out-of-tree backends were above it", "the order is that of PyTorch's main"},
    {"composite_serves_functionalize", "CompositeImplicitAutograd serves Functionalize", "not before 2.0",
     "the table is that of PyTorch's main"},
    {"refusal_changes_nothing", "a refused registration leaves nothing behind",
     "the operator's name and the refused kernel's C++ signature stay", "a refusal changes nothing"},
}};

}  // namespace engine
