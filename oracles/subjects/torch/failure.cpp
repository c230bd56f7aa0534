#include "oracles/subjects/torch/failure.h"

#include <c10/util/Exception.h>
#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "corpora/case/catalog.h"
#include "oracles/subjects/arguments.h"
#include "oracles/subjects/host.h"
#include "oracles/subjects/snapshots.h"
#include "oracles/subjects/torch/error_origin.h"

namespace oracles::aten {

namespace {

void read_own_message(CallOutcome& call) {
  const Meaning meaning = meaning_of(call.message);
  if (meaning.not_implemented) call.status = Status::not_implemented;
  call.cause = meaning.cause;
}

void describe_error(const c10::Error& error, std::string_view error_class, CallOutcome& call) {
  call.message = first_line(error.what_without_backtrace());
  call.error_class = is_internal_assert(error) ? "InternalAssert" : error_class;
  if (raised_by_library(error))
    read_own_message(call);
  else if (is_dtype_dispatch(call.message))
    call.cause = ErrorCause::missing_dtype;
}

std::string type_of(const std::exception& error) {
  int status = 0;
  char* name = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
  std::string text = status == 0 ? name : typeid(error).name();
  std::free(name);
  return text;
}

// A kernel in Python leaves its exception pending; what flies through C++ has no class of its own.
void describe_error(HostError error, CallOutcome& call) {
  call.error_class = std::move(error.error_class);
  call.message = std::move(error.message);
  constexpr std::array<std::string_view, 2> of_fake_tensors{"DataDependentOutputException",
                                                            "DynamicOutputShapeException"};
  if (std::ranges::count(of_fake_tensors, call.error_class) > 0)
    call.cause = ErrorCause::no_data;
  else if (call.error_class == "UnsupportedOperatorException" ||
           call.error_class == "UnsupportedFakeTensorException")
    call.status = Status::not_implemented;
  else if (error.of_library)
    read_own_message(call);
  else if (is_dtype_dispatch(call.message))
    call.cause = ErrorCause::missing_dtype;
  if (error.not_implemented && call.cause != ErrorCause::missing_dtype) call.status = Status::not_implemented;
  if (error.out_of_memory) call.status = Status::over_memory;
}

// Since 2.0, some of PyTorch's code that calls Python throws pybind11's exception. It has fetched the pending
// one, and its text is "CLASS: MESSAGE", with a traceback in further lines.
constexpr std::string_view fetched_exception = "pybind11::error_already_set";
HostError read_fetched(std::string_view text) {
  constexpr std::string_view traceback = "\nAt:\n  ";  // the innermost function's file comes first
  const size_t at = text.find(traceback);
  const std::string_view file =
      at == std::string_view::npos ? std::string_view() : text.substr(at + traceback.size());
  text = text.substr(0, text.find('\n'));
  const size_t colon = std::min(text.find(": "), text.size());
  HostError error;
  error.error_class = text.substr(0, colon);
  error.message = text.substr(std::min(colon + 2, text.size()));
  error.not_implemented = error.error_class == "NotImplementedError";
  error.out_of_memory = error.error_class == "MemoryError";
  error.of_library = corpora::glob_match("*-packages/torch/*", file.substr(0, file.find('(')));
  return error;
}

void describe_in_flight(CallOutcome& call, bool library_operator) {
  try {
    throw;
  } catch (const Misfit& misfit) {
    call.error_class = "ArgumentError";
    call.message = misfit.what;
  } catch (const c10::IndexError& error) {
    describe_error(error, "IndexError", call);
  } catch (const c10::ValueError& error) {
    describe_error(error, "ValueError", call);
  } catch (const c10::TypeError& error) {
    describe_error(error, "TypeError", call);
  } catch (const c10::NotImplementedError& error) {
    describe_error(error, "NotImplementedError", call);
    // Since 2.6, AT_DISPATCH raises this class for a dtype that an author's kernel does not take.
    if (call.cause != ErrorCause::missing_dtype) call.status = Status::not_implemented;
  } catch (const c10::LinAlgError& error) {
    describe_error(error, "LinAlgError", call);
    call.cause = ErrorCause::values;
  } catch (const c10::Error& error) {
    describe_error(error, "RuntimeError", call);
  } catch (const std::bad_alloc& error) {
    call.status = Status::over_memory;
    call.error_class = "MemoryError";
    call.message = error.what();
  } catch (const std::exception& error) {
    if (type_of(error) == fetched_exception) return describe_error(read_fetched(error.what()), call);
    call.error_class = type_of(error) == "std::runtime_error" ? "RuntimeError" : type_of(error);
    call.message = first_line(error.what());
    // PyTorch's backward of an operator written in Python, which its author gave no formula.
    const bool no_formula =
        corpora::glob_match("Trying to backward through * but no autograd formula *", call.message);
    if (library_operator || no_formula) read_own_message(call);
  } catch (...) {
    call.error_class = "unknown";
    call.message = "something other than a std::exception was thrown";
  }
}

}  // namespace

void describe_failure(CallOutcome& call, bool library_operator) noexcept {
  call.status = Status::raised;
  if (host() != nullptr)
    if (std::optional<HostError> error = host()->take_error()) return describe_error(std::move(*error), call);
  describe_in_flight(call, library_operator);
}

}  // namespace oracles::aten
