// For each row of engine/dispatch/deviations.h a program on which real c10 and the sound rules differ.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "oracles/compare/side.h"

namespace properties {

using oracles::Part;

struct Witness {
  std::string_view row;
  oracles::Part shows;     // where they part
  std::string_view entry;  // of a table, or empty
  std::string_view program;
};

inline constexpr std::array dispatch_witnesses{
    Witness{"no_backend_bit", Part::kernels, "",
            "register k0 def number\nregister k1 impl number CPU boxed returns\n"
            "call boxed at {Dense} number()\n"},
    Witness{"guards_restore_backends", Part::included, "", "guard g0 include {Meta}\ndrop g0\n"},
    Witness{"guards_in_any_order", Part::included, "",
            "guard g0 include {Tracer}\nguard g1 include {Tracer}\ndrop g0\n"},
    Witness{"generator_counts_boxed", Part::kernels, "",
            "register k0 def generator\nregister k1 impl generator CPU boxed returns\n"
            "call boxed generator({})\n"},
    Witness{"any_counts_boxed", Part::kernels, "",
            "register k0 def any\nregister k1 impl any CPU boxed returns\ncall boxed any({CPU})\n"},
    Witness{"mask_by_effective_backend", Part::step_error, "",
            "register k0 def tensor\nregister k1 impl tensor PrivateUse1 boxed returns\n"
            "register k2 impl tensor AutogradCPU boxed returns\n"
            "register k3 impl tensor AutogradPrivateUse1 boxed falls_through\n"
            "guard g0 include {PrivateUse1}\ncall boxed tensor({CPU, AutogradCPU})\n"},
    Witness{"redispatch_passes_fallthrough", Part::step_error, "",
            "register k0 def number\nregister k1 impl number CPU boxed returns\n"
            "register k2 impl number DeferredInit boxed falls_through\n"
            "call boxed at {CPU, DeferredInit} number()\n"},
    Witness{"building_block_refused", Part::step_error, "", "register k0 impl tensor Dense boxed returns\n"},
    Witness{"signature_of_the_living", Part::step_error, "",
            "register k0 impl tensor CPU typed returns\nregister k1 impl tensor CPU boxed returns\ndrop k0\n"
            "register k2 impl tensor Meta other_type returns\n"},
    Witness{
        "no_schema_is_said", Part::kernels, "",
        "register k0 def number\nregister k1 impl number CompositeExplicitAutograd boxed returns\ndrop k0\n"
        "call boxed number()\n"},
    Witness{"written_tensor_is_returned", Part::step_error, "",
            "register k0 def in_place\nregister k1 impl in_place CPU boxed other_tensor\n"
            "call typed in_place({CPU}, {CPU})\n"},
    Witness{"result_count_is_checked", Part::step_error, "",
            "register k0 def number\nregister k1 impl number CompositeExplicitAutograd boxed two_results\n"
            "call typed number()\n"},
    Witness{"lists_are_values", Part::arguments, "",
            "register k0 def list\nregister k1 impl list CPU boxed writes_list\ncall boxed list({CPU})\n"},
    Witness{"stack_on_error", Part::arguments, "",
            "register k0 def optional\nregister k1 impl optional CPU typed throws\n"
            "call boxed optional({CPU}, {CPU})\n"},
    Witness{"fallback_alias_whole", Part::table, "tensor at CPU",
            "register k0 def tensor\nregister k1 fallback CUDA returns\n"
            "register k2 fallback CompositeExplicitAutograd returns\n"},
    Witness{"autograd_of_every_backend", Part::table, "tensor at AutogradHIP",
            "register k0 def tensor\nregister k1 impl tensor CompositeImplicitAutograd boxed returns\n"
            "register k2 impl tensor HIP boxed returns\n"},
    Witness{"explicit_refreshes_autograd", Part::kernels, "",
            "register k0 def tensor\nregister k1 impl tensor CompositeImplicitAutograd boxed returns\n"
            "register k2 impl tensor CompositeExplicitAutograd boxed returns\n"
            "call boxed tensor({CUDA, AutogradCUDA})\n"},
    Witness{
        "meta_is_highest", Part::kernels, "",
        "register k0 def number\nregister k1 impl number Meta boxed returns\n"
        "register k2 impl number PrivateUse1 boxed returns\ncall boxed at {Meta, PrivateUse1} number()\n"},
    Witness{"composite_serves_functionalize", Part::table, "tensor at Functionalize",
            "register k0 def tensor\nregister k1 impl tensor CompositeImplicitAutograd boxed returns\n"},
    Witness{"refusal_changes_nothing", Part::step_error, "",
            "register k0 def tensor\nregister k1 impl tensor CPU other_type returns\n"
            "register k2 impl tensor CPU typed returns\n"},
};

// Rows that no program can show, and why.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 1> without_witness{{
    {"alias_is_no_member", "asked of a set: oracles/subjects/torch/deviations_test.cpp and INV-04"},
}};

}  // namespace properties
