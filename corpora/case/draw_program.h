// draw_program: choices -> a dispatch program. Few keys and few operators take part in one program, so that
// registrations meet; some drops, guards, exceptions and keys are there on purpose to be refused.
#pragma once

#include "corpora/case/choice_source.h"
#include "corpora/case/program.h"

namespace corpora {

Program draw_program(ChoiceSource& choices);

}  // namespace corpora
