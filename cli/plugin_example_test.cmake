# Run by ctest: installs Faultline, builds the example against the installation, and runs it: its bug must be
# found. Needs BUILD, EXAMPLE, PLACE, GENERATOR and COMPILER.
function(must_end_with status)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT result EQUAL status)
    message(FATAL_ERROR "${ARGN} ended with ${result}, not ${status}:\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${PLACE})
must_end_with(0 ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PLACE}/prefix)
must_end_with(0 ${CMAKE_COMMAND} -G ${GENERATOR} -S ${EXAMPLE} -B ${PLACE}/build
              -DCMAKE_PREFIX_PATH=${PLACE}/prefix -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
must_end_with(0 ${CMAKE_COMMAND} --build ${PLACE}/build)
must_end_with(1 ${PLACE}/prefix/bin/faultline run --load ${PLACE}/build/libexample.so --oracles layout
              --ops example::* --cases 400 --jobs 1 --out ${PLACE}/out)
file(REMOVE_RECURSE ${PLACE})
