#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

std::string truncate_bfloat(const KernelProgram& program) {
  const std::string source = source_with(program, "h->bf16_f(", "cut(");
  const size_t at = source.find("static inline");
  return source.substr(0, at) +
         "static inline unsigned short cut(f x) { union { f x; unsigned u; } y; y.x = x; return y.u >> 16; "
         "}\n" +
         source.substr(at);
}

const DeclaredPlant fuser_bfloat_truncated{{"fuser_bfloat_truncated", "fuser", "aten::mul*",
                                            "fused bf16 results are truncated, not rounded", right_dispatcher,
                                            [](FuserSteps& steps) { steps.source = truncate_bfloat; }}};

}  // namespace
}  // namespace oracles::plants
