# For the Python package: finds Python, nanobind, and the PyTorch of Python's environment, which find_torch then
# takes. Sets PYTHON_TORCH to the name of that PyTorch (cli/python/faultline/_plugin.py). Without one, the package
# compiles its torch subject when PyTorch is there.
if(NOT FAULTLINE_PYTHON)
  return()
endif()
find_package(Python 3.9 REQUIRED COMPONENTS Interpreter Development.Module)
execute_process(COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir OUTPUT_STRIP_TRAILING_WHITESPACE
                OUTPUT_VARIABLE nanobind_ROOT RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
  message(FATAL_ERROR "nanobind is missing; install it with: ${Python_EXECUTABLE} -m pip install nanobind")
endif()
find_package(nanobind CONFIG REQUIRED)

# -E: pip's isolated builds hide the environment's packages with variables.
execute_process(COMMAND ${Python_EXECUTABLE} -E ${CMAKE_SOURCE_DIR}/cli/python/faultline/_plugin.py
                OUTPUT_VARIABLE found)
if(found)
  list(POP_FRONT found PYTHON_TORCH FAULTLINE_TORCH_PREFIX)
else()
  set(PYTHON_TORCH "no torch")
  set(FAULTLINE_TORCH OFF)
endif()
message(STATUS "Python: ${Python_EXECUTABLE} ${Python_VERSION} with ${PYTHON_TORCH}")
