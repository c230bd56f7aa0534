// The grammar by example: accepted schemas and how they are printed, refused text and the position of the
// error.
#include "engine/dispatch/schema.h"

#include <gtest/gtest.h>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema_parser.h"

namespace engine {
namespace {

struct Accepted {
  const char* text;
  const char* printed;  // nullptr: equal to `text`
};

class SchemaAccepts : public testing::TestWithParam<Accepted> {};

TEST_P(SchemaAccepts, PrintedTextIsReadBackEqual) {
  const auto& [text, printed] = GetParam();
  const Schema schema = parse_schema(text);
  EXPECT_EQ(to_string(schema), printed ? printed : text);
  EXPECT_EQ(parse_schema(to_string(schema)), schema);
}

INSTANTIATE_TEST_SUITE_P(
    Types, SchemaAccepts,
    testing::Values(
        Accepted{"f() -> ()", nullptr}, Accepted{"f(Tensor x) -> Tensor", nullptr},
        Accepted{"ns::f.o(Tensor? x, Tensor[] y, Tensor?[] z, Tensor[]? w) -> Tensor[]", nullptr},
        Accepted{"f(int a, SymInt b, float c, bool d, complex e, Scalar g, str h) -> ()", nullptr},
        Accepted{"f(ScalarType a, Layout b, MemoryFormat c, Device d, Generator e) -> ()", nullptr},
        Accepted{"f(Storage a, Stream b, Dimname c, QScheme d, Quantizer e, Any g) -> Any", nullptr},
        Accepted{"f(int[2] a, SymInt[4] b, int[1]? c, Tensor[3] d, int[][2] e) -> int[2]", nullptr},
        Accepted{"f(str[][] a, int?[] b) -> ()", nullptr},
        Accepted{"f((Tensor, int)[] a, Dict(str, Tensor) b, Future(Tensor) c) -> ()", nullptr},
        Accepted{"f(Union(int, float) a, RRef(t) b, Capsule c) -> SymFloat", nullptr},
        Accepted{"f(__torch__.torch.classes.rnn.Cell[] c) -> __torch__.torch.classes.rnn.Cell", nullptr},
        Accepted{"f(t x, number n) -> t", nullptr},
        Accepted{"f(None n) -> None", "f(NoneType n) -> NoneType"},
        Accepted{"f(int?? x) -> ()", "f(int? x) -> ()"}));

INSTANTIATE_TEST_SUITE_P(Returns, SchemaAccepts,
                         testing::Values(Accepted{"f(Tensor x) -> (Tensor values, Tensor indices)", nullptr},
                                         Accepted{"f(Tensor x) -> (Tensor)", "f(Tensor x) -> Tensor"},
                                         Accepted{"f(Tensor x) -> Tensor r", nullptr},
                                         Accepted{"f() -> ((Tensor, int))", nullptr},
                                         Accepted{"f() -> ((Tensor, int)[])", nullptr},
                                         Accepted{"f(...) -> ...", nullptr},
                                         Accepted{"f(int x, ...) -> (Tensor, ...)", nullptr},
                                         Accepted{"f() -> (...)", "f() -> ..."}));

INSTANTIATE_TEST_SUITE_P(
    Layout, SchemaAccepts,
    testing::Values(Accepted{" ns : : f . o ( Tensor x )->( ) # remark", "ns::f.o(Tensor x) -> ()"},
                    Accepted{"f(Tensor x,\n  # the other\n  Tensor y) -> ()", "f(Tensor x, Tensor y) -> ()"},
                    Accepted{"f(Tensor from, int in, Tensor Tensor) -> ()", nullptr},
                    Accepted{"f(Tensor x, *) -> ()", "f(Tensor x) -> ()"},
                    Accepted{"f(*, *, Tensor x) -> ()", "f(*, Tensor x) -> ()"},
                    Accepted{"f(Tensor x, Tensor x) -> ()", nullptr},
                    Accepted{"f(Tensor x, *, int y=1, int z) -> ()", nullptr},
                    Accepted{"f(int x=1, int[] y) -> ()", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Aliases, SchemaAccepts,
    testing::Values(Accepted{"f(Tensor(a) x, Tensor(b!) y) -> (Tensor(a), Tensor(b!))", nullptr},
                    Accepted{"f(Tensor(a!)? x) -> Tensor(a!)?", nullptr},
                    Accepted{"f(Tensor(a -> *) x) -> Tensor(*)", nullptr},
                    Accepted{"f(Tensor(a! -> b|a) x) -> ()", "f(Tensor(a! -> a|b) x) -> ()"},
                    Accepted{"f(Tensor(* -> *) x) -> ()", "f(Tensor(*) x) -> ()"},
                    Accepted{"f(Tensor(*|a) x) -> ()", "f(Tensor(a|*) x) -> ()"},
                    Accepted{"f(Tensor(a)[] x) -> Tensor(a!)[]", nullptr},
                    Accepted{"f(Tensor(a)[](b!) x, Tensor[](c) y, Tensor(d!)[2](e!)? z) -> ()", nullptr},
                    Accepted{"f(Tensor! x, Tensor[]! y) -> Tensor!", nullptr},
                    Accepted{"f(Tensor($0! -> ) x) -> ()", "f(Tensor! x) -> ()"},
                    Accepted{"f(Dict(str, Tensor(a))(b) x, (Tensor(a!), int) y) -> ()", nullptr},
                    Accepted{"f(t[](a!) self, t(c -> *) el) -> t[](a!)", nullptr}));

INSTANTIATE_TEST_SUITE_P(
    Defaults, SchemaAccepts,
    testing::Values(Accepted{"f(Tensor? x=None, int? y=-1, bool? z=False, Generator? g=None) -> ()", nullptr},
                    Accepted{"f(float a=1, float b=1e-05, float c=-.5) -> ()",
                             "f(float a=1., float b=1e-05, float c=-0.5) -> ()"},
                    Accepted{"f(Scalar a=1, Scalar b=1.0, Scalar c=True, Scalar d=2j) -> ()",
                             "f(Scalar a=1, Scalar b=1., Scalar c=True, Scalar d=2.j) -> ()"},
                    Accepted{"f(int a=-9223372036854775808, int b=9223372036854775807) -> ()", nullptr},
                    Accepted{"f(int a=Mean, ScalarType b=long, Layout c=strided) -> ()", nullptr},
                    Accepted{"f(int[2] a=1, int[2] b=[1,1], int[2] c=[], int[2] d=[1]) -> ()",
                             "f(int[2] a=1, int[2] b=1, int[2] c=[], int[2] d=[1]) -> ()"},
                    Accepted{
                        "f(int[1] a=0, int[1]? b=1, int[3] c=[1,2,3,4], float[] d=[1,2.5]) -> ()",
                        "f(int[1] a=[0], int[1]? b=1, int[3] c=[1, 2, 3, 4], float[] d=[1., 2.5]) -> ()"},
                    Accepted{"f(str a='x\"\\'', str b=\"\\\"\\'\\\\\", str c='\\n\\x41\\102') -> ()",
                             "f(str a=\"x\\\"'\", str b=\"\\\"'\\\\\", str c=\"\\x0aAB\") -> ()"},
                    Accepted{"f(Device a='cuda:1', Device b=cpu, Device c=cuda:0) -> ()",
                             "f(Device a=\"cuda:1\", Device b=\"cpu\", Device c=\"cuda:0\") -> ()"},
                    Accepted{"f(Tensor x=None, complex y=1) -> ()", "f(Tensor x=None, complex y=1.) -> ()"}));

struct Refused {
  const char* text;
  const char* where;
};

class SchemaRefuses : public testing::TestWithParam<Refused> {};

TEST_P(SchemaRefuses, ErrorHasThePositionOfTheFirstFault) {
  try {
    parse_schema(GetParam().text);
    FAIL() << "accepted " << GetParam().text;
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), GetParam().where) << GetParam().text << ": " << error.what();
    EXPECT_EQ(error.line().find('\n'), std::string::npos) << error.line();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Names, SchemaRefuses,
    testing::Values(Refused{"", "schema:1:1"}, Refused{"foo", "schema:1:4"}, Refused{"foo()", "schema:1:6"},
                    Refused{"ns::a::b() -> ()", "schema:1:6"}, Refused{"::f() -> ()", "schema:1:1"},
                    Refused{"f.() -> ()", "schema:1:3"}, Refused{"f.a.b() -> ()", "schema:1:4"},
                    Refused{"f.1() -> ()", "schema:1:2"}, Refused{"f() -> ()\n  g() -> ()", "schema:2:3"},
                    Refused{"f(Tensor x) Tensor", "schema:1:13"}, Refused{"f(Tensor x", "schema:1:11"},
                    Refused{"f() -> Tensor a b", "schema:1:17"}, Refused{"\xc3\xbc() -> ()", "schema:1:1"}));

INSTANTIATE_TEST_SUITE_P(
    Arguments, SchemaRefuses,
    testing::Values(Refused{"f(Tensor) -> ()", "schema:1:9"}, Refused{"f(Tensor x, ) -> ()", "schema:1:13"},
                    Refused{"f(,) -> ()", "schema:1:3"}, Refused{"f() -> (,)", "schema:1:9"},
                    Refused{"f(..., int x) -> ()", "schema:1:6"}, Refused{"f() -> (..., int)", "schema:1:12"},
                    Refused{"f(int x=1, Tensor y) -> ()", "schema:1:12"},
                    Refused{"f(T x) -> T", "schema:1:3"}, Refused{"f(_t x) -> ()", "schema:1:3"},
                    Refused{"f(__torch__ x) -> ()", "schema:1:13"},
                    Refused{"f(Dict(str) x) -> ()", "schema:1:11"}, Refused{"f(Dict x) -> ()", "schema:1:8"},
                    Refused{"f(Future(int, int) x) -> ()", "schema:1:13"},
                    Refused{"f(() x) -> ()", "schema:1:4"}));

INSTANTIATE_TEST_SUITE_P(
    ListsAndAliases, SchemaRefuses,
    testing::Values(
        Refused{"f(int[2][] x) -> ()", "schema:1:9"}, Refused{"f(int[2][2] x) -> ()", "schema:1:9"},
        Refused{"f(int[2]?[] x) -> ()", "schema:1:10"}, Refused{"f(int[a] x) -> ()", "schema:1:7"},
        Refused{"f(int[-1] x) -> ()", "schema:1:7"}, Refused{"f(int[1.5] x) -> ()", "schema:1:7"},
        Refused{"f(int[1025] x=1) -> ()", "schema:1:7"},
        Refused{"f(int[99999999999999999999] x) -> ()", "schema:1:7"},
        Refused{"f(Tensor?(a!) x) -> ()", "schema:1:10"}, Refused{"f(Tensor(a x) -> ()", "schema:1:12"},
        Refused{"f(Tensor(!) x) -> ()", "schema:1:10"}, Refused{"f(Tensor() x) -> ()", "schema:1:10"},
        Refused{"f(Tensor(a!b) x) -> ()", "schema:1:12"}, Refused{"f(Tensor(a -> ) x) -> ()", "schema:1:15"},
        Refused{"f(Tensor($a) x) -> ()", "schema:1:11"}));

INSTANTIATE_TEST_SUITE_P(
    Defaults, SchemaRefuses,
    testing::Values(
        Refused{"f(int x=1.5) -> ()", "schema:1:9"}, Refused{"f(bool x=1) -> ()", "schema:1:10"},
        Refused{"f(str x=1) -> ()", "schema:1:9"}, Refused{"f(int x=None) -> ()", "schema:1:9"},
        Refused{"f(int x=foo) -> ()", "schema:1:9"}, Refused{"f(float x=inf) -> ()", "schema:1:11"},
        Refused{"f(int x=9223372036854775808) -> ()", "schema:1:9"},
        Refused{"f(float x=1e999) -> ()", "schema:1:11"}, Refused{"f(int x=2y) -> ()", "schema:1:9"},
        Refused{"f(int[] x=1) -> ()", "schema:1:11"}, Refused{"f(int[2] x=[1,'a']) -> ()", "schema:1:12"},
        Refused{"f(Tensor x=1) -> ()", "schema:1:12"}, Refused{"f(Tensor[] x=[]) -> ()", "schema:1:14"},
        Refused{"f(Tensor[] x=None) -> ()", "schema:1:14"}, Refused{"f(Device x=1) -> ()", "schema:1:12"},
        Refused{"f(str x='a) -> ()", "schema:1:9"}, Refused{"f(str x='\\q') -> ()", "schema:1:10"},
        Refused{"f(str x='\\x4') -> ()", "schema:1:10"}, Refused{"f(int x=) -> ()", "schema:1:9"},
        Refused{"f(int x=--1) -> ()", "schema:1:10"}, Refused{"f(int[2] x=[1,]) -> ()", "schema:1:15"}));

TEST(Schema, ReportsWritesAndAliases) {
  const Schema out = parse_schema("aten::add.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)");
  EXPECT_EQ(out.qualified(), "aten::add.out");
  EXPECT_TRUE(out.is_mutable());
  EXPECT_TRUE(out.has_out());
  EXPECT_FALSE(out.arguments[0].keyword_only);
  EXPECT_TRUE(out.arguments[1].is_out());
  const Schema in_place = parse_schema("aten::add_(Tensor(a!) self) -> Tensor(a!)");
  EXPECT_TRUE(in_place.is_mutable());
  EXPECT_FALSE(in_place.has_out());
  const Schema view = parse_schema("aten::t(Tensor(a) self) -> Tensor(a)");
  EXPECT_FALSE(view.is_mutable());
  EXPECT_TRUE(view.has_any_alias());
  EXPECT_TRUE(parse_schema("f() -> Tensor(a)").has_any_alias());
  EXPECT_FALSE(parse_schema("f(Tensor x) -> Tensor").has_any_alias());
}

TEST(Schema, ListWithWrittenElementsIsWritten) {
  const Schema schema = parse_schema("f(Tensor(a!)[] x, Tensor(b)[](c!) y, Tensor(a!)[](d) z) -> ()");
  const AliasInfo& written = *schema.arguments[0].alias;
  EXPECT_TRUE(written.write);
  EXPECT_TRUE(written.before.empty());
  ASSERT_EQ(written.contained.size(), 1U);
  EXPECT_EQ(written.contained[0].before, std::vector<std::string>{"a"});
  const AliasInfo& both = *schema.arguments[1].alias;
  EXPECT_EQ(both.before, std::vector<std::string>{"c"});
  EXPECT_FALSE(both.contained[0].write);
  EXPECT_TRUE(schema.arguments[2].is_write());
}

TEST(Schema, DefaultHasTheTypeOfItsArgument) {
  const Schema schema = parse_schema("f(float a=2, int[2] b=3, int[1]? c=4, ScalarType d=long) -> ()");
  EXPECT_EQ(schema.arguments[0].default_value->kind, Literal::Kind::real);
  EXPECT_EQ(schema.arguments[0].default_value->real, 2.0);
  EXPECT_EQ(schema.arguments[1].default_value->list.size(), 2U);
  EXPECT_EQ(schema.arguments[1].default_value->list[1].integer, 3);
  EXPECT_EQ(schema.arguments[2].default_value->kind, Literal::Kind::integer);
  EXPECT_EQ(schema.arguments[3].default_value->integer, 4);
  EXPECT_EQ(schema.arguments[3].default_value->text, "long");
}

TEST(Schema, HoldsTensorLooksInsideListsAndOptionals) {
  const Schema schema = parse_schema("f(Tensor a, Tensor?[] b, Tensor[]? c, int[] d, Scalar e) -> ()");
  const bool holds[] = {true, true, true, false, false};
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    EXPECT_EQ(holds_tensor(schema.arguments[i].type), holds[i]) << i;
}

TEST(Schema, SixtyFourArgumentsAreAccepted) {
  std::string arguments = "int a";
  for (int i = 1; i < 64; ++i) arguments += ", int a";
  EXPECT_EQ(parse_schema("f(" + arguments + ") -> ()").arguments.size(), 64U);
  EXPECT_THROW(parse_schema("f(" + arguments + ", int a) -> ()"), InputError);
}

}  // namespace
}  // namespace engine
