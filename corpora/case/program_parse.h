// Reading the statements of dispatch programs. Refuses, at its line and column, what fault_of_program or the
// grammar refuses.
#pragma once

#include <string_view>

#include "corpora/case/program.h"
#include "corpora/case/text_cursor.h"

namespace corpora {

// Whether a statement that begins with this word, here, belongs to a program: `call` does when it goes on
// with "boxed" or "typed".
bool begins_program_statement(std::string_view word, Cursor after);

// Reads the rest of the statement; the cursor stands behind its first word.
Statement parse_program_statement(std::string_view word, Cursor& cursor);

}  // namespace corpora
