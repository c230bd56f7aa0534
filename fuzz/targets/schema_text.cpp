// The text form of schemas: printing and parsing a schema gives an equal schema, and other text is rejected
// in one line with the position of the error.
#include <optional>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_parser.h"
#include "fuzz/targets/driver/target.h"

namespace {

class SchemaText final : public fuzz::Target {
  void run(std::string_view input) override {
    if (const auto schema = parsed(input))
      if (const std::string text = printed(*schema); parsed(text) != schema)
        fuzz::abort_with("printed and parsed, the schema is a different one: " + text);
  }

  static std::optional<engine::Schema> parsed(std::string_view text) try {
    return engine::parse_schema(text);
  } catch (const engine::InputError& error) {
    if (!error.where().starts_with("schema:") || error.line().find('\n') != std::string::npos)
      fuzz::abort_with("rejected without a position, or in several lines: " + error.line());
    return std::nullopt;
  }

  std::string printed(const engine::Schema& schema) const {
    std::string text = to_string(schema);
    // Planted bug: the printer omits the length of lists of three.
    const size_t length = planted_ ? text.find("[3]") : text.npos;
    return length == text.npos ? text : text.replace(length, 3, "[]");
  }

  const bool planted_ = fuzz::settings().plant == "schema_text";
};

}  // namespace

fuzz::Target& fuzz::target() {
  static SchemaText schema_text;
  return schema_text;
}
