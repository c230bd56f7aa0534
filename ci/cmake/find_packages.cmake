# Libraries from Debian packages; ci/run.sh installs them. What is missing is one error that names the packages.
set(missing "")

# needs(PACKAGE FOUND): PACKAGE is missing unless the variable FOUND is true.
macro(needs package found)
  if(NOT ${found})
    list(APPEND missing ${package})
  endif()
endmacro()

find_package(fmt QUIET)
needs(libfmt-dev fmt_FOUND)
find_package(nlohmann_json QUIET)
needs(nlohmann-json3-dev nlohmann_json_FOUND)
find_package(CLI11 QUIET)
needs(libcli11-dev CLI11_FOUND)
find_package(pugixml QUIET)
needs(libpugixml-dev pugixml_FOUND)
find_package(Threads REQUIRED)
find_library(XXHASH xxhash)
needs(libxxhash-dev XXHASH)
find_library(BOOST_CONTEXT boost_context)
needs(libboost-context-dev BOOST_CONTEXT)
find_path(RANDOM123_INCLUDE Random123/philox.h)
needs(librandom123-dev RANDOM123_INCLUDE)
if(NOT SKBUILD)  # pip builds no tests
  find_package(GTest QUIET)
  needs(libgmock-dev GTest_FOUND)
  find_library(RAPIDCHECK rapidcheck)
  needs(librapidcheck-dev RAPIDCHECK)
  find_library(MPFR mpfr)  # functions are checked against it
  needs(libmpfr-dev MPFR)
  find_library(GMP gmp)
  needs(libgmp-dev GMP)
endif()
if(missing)
  list(JOIN missing " " missing)
  message(FATAL_ERROR "libraries are missing; on Debian, install them with: apt install ${missing}")
endif()

add_library(rapidcheck_gtest INTERFACE)
target_link_libraries(rapidcheck_gtest INTERFACE ${RAPIDCHECK})
target_link_libraries(faultline_interface INTERFACE fmt::fmt nlohmann_json::nlohmann_json ${XXHASH}
                                                    ${BOOST_CONTEXT} Threads::Threads ${CMAKE_DL_LIBS})
