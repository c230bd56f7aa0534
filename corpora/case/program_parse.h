// Reads the statements of dispatch programs. What is not in the grammar is an engine::InputError with its
// position.
#pragma once

#include <string_view>

#include "corpora/case/program.h"
#include "corpora/case/text_cursor.h"

namespace corpora {

// Whether the statement that begins with this word belongs to a program: "call" does if "boxed" or "typed"
// follows.
bool begins_program_statement(std::string_view word, Cursor after);

// Reads the rest of the statement, after its first word.
Statement parse_program_statement(std::string_view word, Cursor& cursor);

}  // namespace corpora
