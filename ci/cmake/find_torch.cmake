# Defines the target `libtorch`, FAULTLINE_TORCH_VERSION and perhaps FAULTLINE_TORCH_PYTHON, from the first of
#   1. FAULTLINE_TORCH_PREFIX, or else CMAKE_PREFIX_PATH (the variable or the environment's): the folder of the
#      Python package, its share/cmake as torch.utils.cmake_prefix_path gives it, a virtual environment, or any
#      other prefix;
#   2. the active virtual environment, if torch is installed there;
#   3. the system's (Debian's libtorch-dev).
# All parts are taken from one prefix. Prefixes without a usable libtorch in any of them are an error. Without
# libtorch, or with FAULTLINE_TORCH off, this target does not exist; everything else still builds.
# This does not use find_package(Torch), whose configuration requires packages that a plug-in does not need.
set(FAULTLINE_TORCH_PREFIX "" CACHE PATH "Where to take libtorch from, instead of CMAKE_PREFIX_PATH")

# Forgets what was found: a build folder may be configured again for another libtorch.
function(forget_torch)
  foreach(part TORCH_INCLUDE TORCH_CPU_LIBRARY C10_LIBRARY)
    unset(${part} CACHE)
  endforeach()
endfunction()

# find_torch_in(PREFIX...): the headers and libraries of the first of these prefixes that has all of them.
function(find_torch_in)
  foreach(prefix ${ARGN})
    string(REGEX REPLACE "/share/cmake/*$" "" prefix ${prefix})
    file(GLOB packages ${prefix}/lib/python3*/site-packages/torch)
    foreach(folder ${prefix} ${packages})
      set(libraries ${folder}/lib ${folder}/lib/${CMAKE_LIBRARY_ARCHITECTURE})
      find_path(TORCH_INCLUDE ATen/core/dispatch/Dispatcher.h PATHS ${folder}/include NO_DEFAULT_PATH)
      find_library(TORCH_CPU_LIBRARY torch_cpu PATHS ${libraries} NO_DEFAULT_PATH)
      find_library(C10_LIBRARY c10 PATHS ${libraries} NO_DEFAULT_PATH)
      if(TORCH_INCLUDE AND TORCH_CPU_LIBRARY AND C10_LIBRARY)
        return()
      endif()
      forget_torch()
    endforeach()
  endforeach()
endfunction()

function(read_torch_version result)
  foreach(file torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS ${TORCH_INCLUDE}/${file} AND NOT ${result})
      file(STRINGS ${TORCH_INCLUDE}/${file} lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
      list(TRANSFORM lines REPLACE ".* " "")
      list(JOIN lines "." ${result})
    endif()
  endforeach()
  set(${result} ${${result}} PARENT_SCOPE)
endfunction()

forget_torch()
if(FAULTLINE_TORCH)
  set(prefixes ${FAULTLINE_TORCH_PREFIX})
  if(NOT prefixes)
    string(REPLACE ":" ";" prefixes "${CMAKE_PREFIX_PATH};$ENV{CMAKE_PREFIX_PATH}")
  endif()
  list(REMOVE_ITEM prefixes "")
  find_torch_in(${prefixes})
  if(prefixes AND NOT TORCH_INCLUDE)
    list(JOIN prefixes ":" prefixes)
    message(FATAL_ERROR "${prefixes} has no usable libtorch: expected "
                        "include/ATen/core/dispatch/Dispatcher.h, lib/libtorch_cpu.so and lib/libc10.so. "
                        "FAULTLINE_TORCH_PREFIX names another prefix for libtorch alone; "
                        "FAULTLINE_TORCH=OFF builds without it.")
  endif()
  if(NOT TORCH_INCLUDE)
    find_torch_in($ENV{VIRTUAL_ENV} /usr/local /usr)
  endif()
endif()
if(NOT TORCH_INCLUDE)
  message(STATUS "libtorch: not found or switched off; building without the torch subject")
  return()
endif()
get_filename_component(TORCH_INCLUDE ${TORCH_INCLUDE} REALPATH)
# The interpreter of the environment that a package of Python's is installed in.
set(FAULTLINE_TORCH_PYTHON)
get_filename_component(environment ${TORCH_INCLUDE}/../../../../.. ABSOLUTE)
if(TORCH_INCLUDE MATCHES "/site-packages/torch/include$" AND EXISTS ${environment}/bin/python3)
  set(FAULTLINE_TORCH_PYTHON ${environment}/bin/python3)
endif()
read_torch_version(FAULTLINE_TORCH_VERSION)
message(STATUS "libtorch: ${FAULTLINE_TORCH_VERSION}, ${TORCH_CPU_LIBRARY}")
add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE ${TORCH_INCLUDE} ${TORCH_INCLUDE}/torch/csrc/api/include)
# Not libtorch itself, which loads all of CUDA for two more operators.
target_link_libraries(libtorch INTERFACE ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
# Without NDEBUG, libtorch's headers call debug functions that the library does not export.
target_compile_definitions(libtorch INTERFACE NDEBUG)
# Since 2.8 it has an {fmt} of its own, which is found before ours and whose library it does not export.
if(EXISTS ${TORCH_INCLUDE}/fmt/format.h)
  target_compile_definitions(libtorch INTERFACE FMT_HEADER_ONLY)
endif()
# libtorch is not instrumented: its types have no information for the vptr and function checks.
if(FAULTLINE_SANITIZE MATCHES "undefined")
  target_compile_options(libtorch INTERFACE -fno-sanitize=vptr
                         $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
endif()
# libtorch's lists use std::iterator, which C++20 deprecates; Clang warns wherever they are used.
target_compile_options(libtorch INTERFACE -Wno-deprecated-declarations)
# pip builds for versions of PyTorch that nobody has tried: there, warnings do not stop the build.
if(SKBUILD)
  target_compile_options(libtorch INTERFACE -Wno-error)
endif()
