# find_package(Faultline) defines the target Faultline::faultline, for operator libraries (engine/plugin.h). A
# library works with the version of Faultline that it was built against.
get_filename_component(FAULTLINE_PREFIX ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
if(NOT TARGET Faultline::faultline)
  add_library(Faultline::faultline SHARED IMPORTED)
  set_target_properties(Faultline::faultline PROPERTIES
    IMPORTED_LOCATION ${FAULTLINE_PREFIX}/lib/libfaultline.so
    INTERFACE_INCLUDE_DIRECTORIES ${FAULTLINE_PREFIX}/include/faultline
    INTERFACE_COMPILE_FEATURES cxx_std_20
    INTERFACE_COMPILE_OPTIONS -ffp-contract=off)  # results do not depend on the compiler
endif()
