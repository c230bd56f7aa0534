#include "oracles/subjects/torch/failure.h"

#include <c10/util/Exception.h>
#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "oracles/subjects/torch/arguments.h"

namespace oracles::aten {

namespace {

constexpr size_t longest_message = 400;

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find('\n'), longest_message)));
}

// Kernels for a dtype, a backend or a build option that is not there: the not-implemented class of error.
bool tells_of_a_gap(std::string_view message) {
  constexpr std::array<std::string_view, 5> signs{"Could not run '", " not implemented for '",
                                                  "not compiled with", "requires compiling PyTorch with",
                                                  "is not yet implemented"};
  for (std::string_view sign : signs)
    if (message.find(sign) != std::string_view::npos) return true;
  return false;
}

void describe_error(const c10::Error& error, std::string_view error_class, CallOutcome& call) {
  const std::string_view message = error.what_without_backtrace();
  call.message = first_line(message);
  call.error_class = error_class;
  if (tells_of_a_gap(message)) call.status = Status::not_implemented;
  if (message.find("INTERNAL ASSERT FAILED") != std::string_view::npos) call.error_class = "InternalAssert";
}

std::string type_of(const std::exception& error) {
  int status = 0;
  char* name = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
  std::string text = status == 0 ? name : typeid(error).name();
  std::free(name);
  return text;
}

void describe_flying(CallOutcome& call) {
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
    call.status = Status::not_implemented;
  } catch (const c10::LinAlgError& error) {
    describe_error(error, "LinAlgError", call);
  } catch (const c10::Error& error) {
    describe_error(error, "RuntimeError", call);
  } catch (const std::bad_alloc& error) {
    call.status = Status::over_memory;
    call.error_class = "MemoryError";
    call.message = error.what();
  } catch (const std::exception& error) {
    call.error_class = type_of(error) == "std::runtime_error" ? "RuntimeError" : type_of(error);
    call.message = first_line(error.what());
    if (tells_of_a_gap(call.message)) call.status = Status::not_implemented;
  } catch (...) {
    call.error_class = "unknown";
    call.message = "something that is no std::exception was thrown";
  }
}

}  // namespace

void describe_failure(CallOutcome& call) noexcept {
  call.status = Status::raised;
  describe_flying(call);
}

}  // namespace oracles::aten
