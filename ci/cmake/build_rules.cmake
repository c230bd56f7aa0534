# Compiler settings for all of Faultline's code.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
if(FAULTLINE_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELEASE "-O1")
else()
  set(CMAKE_CXX_FLAGS_RELEASE "-O2")
endif()
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH $ORIGIN/../lib)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)

find_program(CCACHE ccache)
if(CCACHE)  # with permission to cache files that use precompiled headers
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# No implicit fused multiply-add: results must not depend on the compiler.
add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-ffp-contract=off>
                    $<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=-ffp-contract=off>)
if(FAULTLINE_SANITIZE)
  add_compile_options(-fsanitize=${FAULTLINE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${FAULTLINE_SANITIZE})
endif()
if(FAULTLINE_FUZZER)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings apply to Faultline's code only: third-party headers are system headers.
add_library(faultline_interface INTERFACE)
target_include_directories(faultline_interface INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)
target_compile_options(faultline_interface INTERFACE -Wall -Wextra -Wnon-virtual-dtor)
if("${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" MATCHES "^(GNU 12|Clang 19)\\.")  # those of CI
  target_compile_options(faultline_interface INTERFACE -Werror)
endif()
if(NOT FAULTLINE_SANITIZE)  # where files are joined, a name in one may shadow a name in another
  target_compile_options(faultline_interface INTERFACE -Wshadow)
endif()
# GCC 12 reports a false overread of the inline storage of Boost's small vector.
target_compile_options(faultline_interface INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-stringop-overread>)
target_compile_definitions(faultline_interface INTERFACE FAULTLINE_VERSION="${PROJECT_VERSION}")

# precompile(TARGET HEADER...): precompiles the standard library and the given headers, in builds with
# sanitizers only, where this saves a quarter of the time. The release build compiles each file alone, which
# proves that it includes what it uses.
function(precompile target)
  if(FAULTLINE_SANITIZE)
    target_precompile_headers(
      ${target} PRIVATE <algorithm> <array> <cmath> <complex> <cstdint> <functional> <map> <memory> <mutex>
                        <optional> <set> <span> <sstream> <string> <vector>
                        <boost/container/small_vector.hpp> ${ARGN})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
      target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
  endif()
endfunction()

# join_files(TARGET): compiles several files as one, in builds with sanitizers only. This halves the time of
# code that mostly consists of headers.
function(join_files target)
  if(FAULTLINE_SANITIZE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
  endif()
endfunction()
