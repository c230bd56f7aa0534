// What every declaration must have.
#include <set>

#include "engine/dispatch/schema_parser.h"
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

TEST(Declarations, AreComplete) {
  for (const OperatorDeclaration* declared : all_declarations()) {
    const std::string name(declared->schema(declared->forms().front()));
    EXPECT_FALSE(declared->domain.empty()) << name;
    EXPECT_FALSE(declared->accuracy.reason.empty()) << name;
    const bool boxed = declared->kind == OperatorKind::boxed || declared->kind == OperatorKind::composite;
    EXPECT_EQ(boxed, declared->kernel != nullptr) << name;
    EXPECT_EQ(!boxed, static_cast<bool>(declared->rule)) << name;
    EXPECT_EQ(declared->zero.when != ZeroRule::When::never, declared->zero.arguments != 0) << name;
  }
}

TEST(Declarations, FormsHaveTheirArgumentsInTheSamePlaces) {
  for (const OperatorDeclaration* declared : all_declarations()) {
    if (declared->functional.empty()) continue;
    const Schema functional = parse_schema(declared->functional);
    for (const Form each : declared->forms()) {
      const Schema form = parse_schema(declared->schema(each));
      for (size_t i = 0; i < functional.arguments.size(); ++i)
        EXPECT_EQ(form.arguments[i].name, functional.arguments[i].name) << form.qualified();
    }
  }
}

TEST(Declarations, NamesAreUnique) {
  std::set<std::string> names;
  for (const OperatorDeclaration* declared : all_declarations())
    for (const Form form : declared->forms())
      EXPECT_TRUE(names.insert(parse_schema(declared->schema(form)).qualified()).second);
}

}  // namespace

}  // namespace engine::ops
