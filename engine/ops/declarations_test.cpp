// What every declaration must say, by name.
#include <set>

#include "engine/dispatch/schema_parser.h"
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

TEST(Declarations, are_whole) {
  for (const OperatorDeclaration* declared : all_declarations()) {
    const std::string name(declared->schemas().front());
    EXPECT_FALSE(declared->domain.empty()) << name;
    EXPECT_FALSE(declared->accuracy.reason.empty()) << name;
    const bool boxed = declared->kind == OperatorKind::boxed || declared->kind == OperatorKind::composite;
    EXPECT_EQ(boxed, declared->kernel != nullptr) << name;
    EXPECT_EQ(!boxed, static_cast<bool>(declared->rule)) << name;
    EXPECT_EQ(declared->zero.when != ZeroRule::When::never, declared->zero.arguments != 0) << name;
  }
}

TEST(Declarations, forms_have_their_arguments_in_the_same_places) {
  for (const OperatorDeclaration* declared : all_declarations()) {
    if (declared->functional.empty()) continue;
    const Schema functional = parse_schema(declared->functional);
    for (const std::string* text : {&declared->in_place, &declared->out}) {
      if (text->empty()) continue;
      const Schema form = parse_schema(*text);
      for (size_t i = 0; i < functional.arguments.size(); ++i)
        EXPECT_EQ(form.arguments[i].name, functional.arguments[i].name) << *text;
    }
  }
}

TEST(Declarations, no_two_have_one_name) {
  std::set<std::string> names;
  for (const OperatorDeclaration* declared : all_declarations())
    for (const std::string_view schema : declared->schemas())
      EXPECT_TRUE(names.insert(parse_schema(schema).qualified()).second) << schema;
}

}  // namespace

}  // namespace engine::ops
