// A dispatch program as C++ that needs no Faultline command: for the engine's dispatcher, or for c10's. Each
// statement is one step, which prints its result.
#pragma once

#include <string>

#include "corpora/case/program.h"

namespace reports {

enum class Side : uint8_t { engine, c10 };
std::string program_cpp(const corpora::Program& program, Side side);

}  // namespace reports
