# Defines the target `libtorch`: Debian's, or another one from CMAKE_PREFIX_PATH. Without libtorch, or if
# FAULTLINE_TORCH is off, there is no such target, and everything else still builds.
# This does not use find_package(Torch), whose configuration requires packages that a plug-in does not need.
if(FAULTLINE_TORCH)
  find_path(TORCH_INCLUDE ATen/core/dispatch/Dispatcher.h)
  find_path(TORCH_API_INCLUDE torch/version.h
            HINTS ${TORCH_INCLUDE}/torch/csrc/api/include
            PATH_SUFFIXES include/torch/csrc/api/include torch/csrc/api/include)
  find_library(TORCH_LIBRARY torch)
  find_library(TORCH_CPU_LIBRARY torch_cpu)
  find_library(C10_LIBRARY c10)
endif()
if(NOT (TORCH_INCLUDE AND TORCH_API_INCLUDE AND TORCH_LIBRARY AND TORCH_CPU_LIBRARY AND C10_LIBRARY))
  message(STATUS "libtorch: not found or switched off; building without the torch subject")
  return()
endif()
message(STATUS "libtorch: ${TORCH_CPU_LIBRARY}")
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE ${TORCH_INCLUDE} ${TORCH_API_INCLUDE})
target_link_libraries(libtorch INTERFACE ${TORCH_CPU_LIBRARY} ${TORCH_LIBRARY} ${C10_LIBRARY})
# Without NDEBUG, libtorch's headers call debug functions that the library does not export.
target_compile_definitions(libtorch INTERFACE NDEBUG)
# libtorch is not instrumented: its types have no information for the vptr and function checks.
if(FAULTLINE_SANITIZE MATCHES "undefined")
  target_compile_options(libtorch INTERFACE -fno-sanitize=vptr
                         $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
endif()
# libtorch's lists use std::iterator, which C++20 deprecates; Clang warns wherever they are used.
target_compile_options(libtorch INTERFACE -Wno-deprecated-declarations)
