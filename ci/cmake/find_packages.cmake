# Libraries from Debian packages; ci/run.sh installs them.
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(pugixml REQUIRED)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
find_library(XXHASH xxhash REQUIRED)
find_library(RAPIDCHECK rapidcheck REQUIRED)
find_library(BOOST_CONTEXT boost_context REQUIRED)
find_library(MPFR mpfr REQUIRED)  # for tests: functions are checked against it
find_library(GMP gmp REQUIRED)
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)

add_library(rapidcheck_gtest INTERFACE)
target_link_libraries(rapidcheck_gtest INTERFACE ${RAPIDCHECK})
target_link_libraries(faultline_interface INTERFACE fmt::fmt nlohmann_json::nlohmann_json ${XXHASH}
                                                    ${BOOST_CONTEXT} Threads::Threads ${CMAKE_DL_LIBS})
