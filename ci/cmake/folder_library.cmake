# folder_library(NAME FOLDER...): an object library of every .cpp file in the folders, and the test program
# NAME_test of their *_test.cpp files. The folders are the list of sources.
function(folder_library name)
  set(sources)
  set(tests)
  foreach(folder ${ARGN})
    file(GLOB found CONFIGURE_DEPENDS ${folder}/*.cpp)
    foreach(file ${found})
      if(file MATCHES "_test\\.cpp$")
        list(APPEND tests ${file})
      else()
        list(APPEND sources ${file})
      endif()
    endforeach()
  endforeach()
  add_library(${name} OBJECT ${sources})
  target_link_libraries(${name} PUBLIC faultline_interface)
  precompile(${name})
  join_files(${name})
  if(tests AND FAULTLINE_UNIT_TESTS)
    folder_test(${name}_test ${tests})
  endif()
endfunction()

# compile_quickly(TARGET): for code whose run time does not matter, such as tests: optimises less to compile
# faster.
function(compile_quickly target)
  if(FAULTLINE_SANITIZE)
    target_compile_options(${target} PRIVATE -O0)
  else()
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# define_folders(FILE...): defines FAULTLINE_SOURCE_DIR and FAULTLINE_BINARY_DIR for the files that use them.
# All other files compile to the same objects in every checkout, so checkouts share ccache's results.
function(define_folders)
  foreach(file ${ARGN})
    file(STRINGS ${file} uses REGEX "FAULTLINE_(SOURCE|BINARY)_DIR")
    if(uses)
      set_source_files_properties(${file} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON
        SKIP_PRECOMPILE_HEADERS ON COMPILE_DEFINITIONS
        "FAULTLINE_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\";FAULTLINE_BINARY_DIR=\"${CMAKE_BINARY_DIR}\"")
    endif()
  endforeach()
endfunction()

# folder_test(NAME FILE...): a GoogleTest program that links libfaultline.
function(folder_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE faultline rapidcheck_gtest GTest::gmock GTest::gtest_main)
  compile_quickly(${name})
  precompile(${name} <gmock/gmock.h> <gtest/gtest.h>)
  define_folders(${ARGN})
  add_test(NAME ${name} COMMAND ${name})
  # RapidCheck's seed is fixed, so that a test that passes keeps passing.
  set_tests_properties(${name} PROPERTIES TIMEOUT 900 ENVIRONMENT "RC_PARAMS=seed=1")
endfunction()
