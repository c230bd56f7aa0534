// ErrorOrigin: which errors libtorch's own code raises, and the meaning of its messages where the class of an
// error does not say enough. Each message is matched as a whole. Messages of other authors' operators are
// never read.
#pragma once

#include <c10/util/Exception.h>

#include <string_view>

#include "oracles/outcome.h"

namespace oracles::aten {

// True for a source file or header of libtorch, as errors and registrations name it.
bool is_library_file(std::string_view file);
// True if the statement that raised is in such a file.
bool raised_by_library(const c10::Error& error);

// What an error of libtorch means.
struct Meaning {
  bool not_implemented = false;  // other versions raise NotImplementedError
  ErrorCause cause = ErrorCause::unknown;
};
Meaning meaning_of(std::string_view message);

// True for the message of the macro AT_DISPATCH, which operators of all authors use.
bool is_dtype_dispatch(std::string_view message);
// True for the message of TORCH_INTERNAL_ASSERT, which names the statement that raised.
bool is_internal_assert(const c10::Error& error);

}  // namespace oracles::aten
