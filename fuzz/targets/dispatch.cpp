// libFuzzer target: dispatch programs on the engine and on the rules. An input is the text of a case; one
// that does not parse is a source of choices for the same drawing as everywhere.
#include <cstdio>
#include <cstdlib>

#include "corpora/case/draw_program.h"
#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/subjects/engine/dispatch_machine.h"

namespace {

corpora::Program program_of(std::string_view text) {
  try {
    return corpora::parse_case(text, "input").program;
  } catch (const engine::InputError&) {
    corpora::ByteChoices choices(std::as_bytes(std::span(text)));
    return corpora::draw_program(choices);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, size_t size) {
  static oracles::EngineMachine engine;
  const corpora::Program program = program_of({data, size});
  const oracles::Conformed conformed = oracles::conform(program, engine.judge(), engine);
  if (!conformed.parting) return 0;
  for (const corpora::Statement& statement : program) std::puts(corpora::to_text(statement).c_str());
  std::printf("step %zu, %s\nrules:  %s\nengine: %s\n", conformed.parting->step,
              conformed.parting->where.c_str(), conformed.parting->left.c_str(),
              conformed.parting->right.c_str());
  std::fflush(stdout);
  std::abort();
}
