// draw_program: a dispatch program from choices. A program uses few keys and operators, so that its
// registrations interact. Some drops, guards, exceptions and keys are invalid on purpose.
#pragma once

#include "corpora/case/choice_source.h"
#include "corpora/case/program.h"

namespace corpora {

Program draw_program(ChoiceSource& choices);

}  // namespace corpora
