# embed_text(TARGET NAME FILE): compiles a text file into TARGET as `embedded::NAME`, a std::string_view. Code
# that uses it declares `namespace embedded { extern const std::string_view NAME; }`. Changing the text rebuilds
# one object file. The build also runs this file as a script, which writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${TEXT_FILE} text)
  file(WRITE ${SOURCE_FILE} "// Made from ${TEXT_FILE}.\n#include <string_view>\n\nnamespace embedded {\n"
       "extern const std::string_view ${NAME};\n"
       "const std::string_view ${NAME} = R\"embedded(${text})embedded\";\n}  // namespace embedded\n")
  return()
endif()

set(EMBED_TEXT_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(embed_text target name file)
  set(source ${CMAKE_BINARY_DIR}/generated/embedded/${name}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DTEXT_FILE=${file} -DSOURCE_FILE=${source} -DNAME=${name} -P ${EMBED_TEXT_SCRIPT}
    DEPENDS ${file} ${EMBED_TEXT_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${source})
endfunction()
