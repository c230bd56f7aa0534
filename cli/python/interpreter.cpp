#include "cli/python/interpreter.h"

#include <nanobind/stl/string.h>

#include "engine/core/input_error.h"

namespace cli {
namespace {

namespace nb = nanobind;

// Calls a function of faultline/_host.py. What it refuses is an InputError, as is any other exception.
template <class Answer, class... Arguments>
Answer ask(const char* function, const Arguments&... arguments) {
  const nb::gil_scoped_acquire gil;
  std::string where = "--subject", what;
  try {
    return nb::cast<Answer>(nb::module_::import_("faultline._host").attr(function)(arguments...));
  } catch (nb::python_error& error) {
    const nb::object refused = nb::module_::import_("faultline._host").attr("Refused");
    if (error.matches(refused)) {
      where = nb::cast<std::string>(error.value().attr("where"));
      what = nb::cast<std::string>(error.value().attr("what"));
    } else {
      what = nb::cast<std::string>(nb::module_::import_("faultline._host").attr("line_of")(error.value()));
    }
  }
  throw engine::InputError(where, what);
}

}  // namespace

std::string Interpreter::torch_plugin() { return ask<std::string>("torch_plugin"); }

void Interpreter::import_module(const std::string& name) { ask<std::string>("import_module", name); }

bool Interpreter::is_of_library(const std::string& op) { return ask<bool>("is_of_library", op); }

void Interpreter::before_fork() {
  around_fork_ = PyGILState_Ensure();
  PyOS_BeforeFork();
}

void Interpreter::after_fork(bool in_child) {
  in_child ? PyOS_AfterFork_Child() : PyOS_AfterFork_Parent();
  PyGILState_Release(around_fork_);
}

std::optional<oracles::HostError> Interpreter::take_error() noexcept {
  const nb::gil_scoped_acquire gil;
  if (PyErr_Occurred() == nullptr) return std::nullopt;
  oracles::HostError taken;
  try {
    try {
      nb::raise_python_error();
    } catch (nb::python_error& error) {
      taken.not_implemented = error.matches(PyExc_NotImplementedError);
      taken.out_of_memory = error.matches(PyExc_MemoryError);
      const nb::object words = nb::module_::import_("faultline._host").attr("describe")(error.value());
      taken.error_class = nb::cast<std::string>(words[0]);
      taken.message = nb::cast<std::string>(words[1]);
      taken.of_library = nb::cast<bool>(words[2]);
    }
  } catch (const std::exception& error) {  // describing it failed, for example because memory is exhausted
    PyErr_Clear();
    taken.message = error.what();
  }
  if (taken.error_class.empty()) taken.error_class = "unknown";
  return taken;
}

}  // namespace cli
