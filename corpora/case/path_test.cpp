#include "corpora/case/path.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/core/input_error.h"

namespace corpora {
namespace {

TEST(Path, TextReadsBackEqual) {
  EXPECT_EQ(to_string(Path{}), "direct");
  EXPECT_EQ(parse_path("direct"), Path{});
  const Path path{{LayerKind::zero, 0}, {LayerKind::conj, 12}, {LayerKind::typed}};
  EXPECT_EQ(to_string(path), "zero(0)+conj(12)+typed");
  EXPECT_EQ(parse_path("zero(0)+conj(12)+typed"), path);
}

TEST(Path, EveryLayerIsReadAndWritten) {
  for (const LayerRow& row : all_layers()) {
    const Layer layer{row.kind, row.has_number() ? 3 : -1};
    EXPECT_EQ(parse_path(to_string(Path{layer})), Path{layer}) << row.name;
    EXPECT_EQ(phrase_of(layer).find('3') != std::string::npos, row.has_number()) << phrase_of(layer);
  }
  EXPECT_EQ(to_string(Path{{LayerKind::unrecorded, 2}}), "unrecorded(2)");
}

TEST(Path, TransformsTheStoragesThatItsLayersName) {
  const Path path{{LayerKind::zero, 1}, {LayerKind::form, 2}};
  EXPECT_TRUE(transforms(path, 1));
  EXPECT_FALSE(transforms(path, 2));  // the number of a form
  EXPECT_TRUE(has_layer(path, LayerKind::form));
  EXPECT_FALSE(has_layer(path, LayerKind::zeros));
}

RC_GTEST_PROP(Path, AnyPathReadsBackEqual, ()) {
  Path path;
  for (size_t length = *rc::gen::inRange<size_t>(0, 6); path.size() < length;) {
    const LayerRow& row = all_layers()[*rc::gen::inRange<size_t>(0, all_layers().size())];
    path.push_back({row.kind, row.has_number() ? *rc::gen::inRange<int32_t>(0, 2147483647) : -1});
  }
  RC_ASSERT(parse_path(to_string(path)) == path);
}

RC_GTEST_PROP(Path, ChangedTextIsReadOrIsAnInputError, ()) {
  std::string text = "zero(0)+conj(12)+meta+form(3)";
  text[*rc::gen::inRange<size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
  text.resize(*rc::gen::inRange<size_t>(0, text.size() + 1));
  try {
    RC_ASSERT(!parse_path(text).empty() || text == "direct");
  } catch (const engine::InputError& error) {
    RC_ASSERT(error.where().substr(0, 7) == "path:1:");
    RC_ASSERT(error.line().find('\n') == std::string::npos);
  }
}

struct Malformed {
  const char* text;
  const char* where;
};

class MalformedPath : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedPath, IsAnInputErrorWithItsPosition) {
  try {
    parse_path(GetParam().text);
    FAIL() << "accepted " << GetParam().text;
  } catch (const engine::InputError& error) {
    EXPECT_EQ(error.where(), GetParam().where) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, MalformedPath,
                         testing::Values(Malformed{"", "path:1:1"}, Malformed{"nonsense", "path:1:1"},
                                         Malformed{"direct+meta", "path:1:1"}, Malformed{"meta+", "path:1:6"},
                                         Malformed{"+meta", "path:1:1"}, Malformed{"meta meta", "path:1:5"},
                                         Malformed{"meta(0)", "path:1:5"}, Malformed{"zero", "path:1:5"},
                                         Malformed{"zero()", "path:1:6"}, Malformed{"zero(-1)", "path:1:6"},
                                         Malformed{"zero(1", "path:1:7"}, Malformed{"zero(x)", "path:1:6"},
                                         Malformed{"meta+zero(99999999999)", "path:1:11"},
                                         Malformed{" meta", "path:1:1"}));

}  // namespace
}  // namespace corpora
