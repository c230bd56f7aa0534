// ErrorOrigin: which errors libtorch's own code raises, and what its own messages say that no class of error
// does. Only such messages are read, each as a whole. A message from an operator that someone else wrote says
// nothing, however it is worded.
#pragma once

#include <c10/util/Exception.h>

#include <string_view>

#include "oracles/outcome.h"

namespace oracles::aten {

// True for a source file that libtorch was built from, or one of its headers, as errors and registrations
// name it.
bool is_library_file(std::string_view file);
// True when the statement that raised is in such a file.
bool raised_by_library(const c10::Error& error);

// What an error of libtorch's own is about.
struct Meaning {
  bool not_implemented =
      false;  // belongs to the not-implemented class, in versions that have another class for it
  ErrorCause cause = ErrorCause::unknown;
};
Meaning meaning_of(std::string_view message);

// True for the whole message of AT_DISPATCH, which operators of all authors expand.
bool is_dtype_dispatch(std::string_view message);
// True when TORCH_INTERNAL_ASSERT made the message: it then names the statement that raised.
bool is_internal_assert(const c10::Error& error);

}  // namespace oracles::aten
