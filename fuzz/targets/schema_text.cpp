// The text of schemas: what is accepted prints and reads back equal, anything else is refused in a line that
// says where.
#include <cstdio>
#include <cstdlib>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema.h"
#include "fuzz/targets/driver/target.h"

namespace {

class SchemaText final : public fuzz::Target {
  void run(std::string_view input) override {
    engine::Schema schema;
    try {
      schema = engine::parse_schema(input);
    } catch (const engine::InputError& error) {
      if (error.where().starts_with("schema:") && error.line().find('\n') == std::string::npos) return;
      fail("refused without its place, or in many lines: " + error.line());
    }
    const std::string text = printed(schema);
    if (!(engine::parse_schema(text) == schema)) fail("not read back as it was: " + text);
  }

  std::string printed(const engine::Schema& schema) const {
    std::string text = to_string(schema);
    // Planted: a printer that forgets the length of lists of three.
    const size_t length = planted_ ? text.find("[3]") : text.npos;
    return length == text.npos ? text : text.replace(length, 3, "[]");
  }

  [[noreturn]] static void fail(const std::string& what) {
    std::fprintf(stderr, "finding: schema_text; %s\n", what.c_str());
    std::abort();
  }

  const bool planted_ = fuzz::surroundings().plant == "schema_text";
};

}  // namespace

fuzz::Target& fuzz::target() {
  static SchemaText schema_text;
  return schema_text;
}
