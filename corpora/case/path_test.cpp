#include "corpora/case/path.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/core/input_error.h"

namespace corpora {
namespace {

TEST(Path, ReadsWhatItWrites) {
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

RC_GTEST_PROP(PathLaws, TextRoundTrips, ()) {
  Path path;
  for (size_t length = *rc::gen::inRange<size_t>(0, 6); path.size() < length;) {
    const LayerRow& row = all_layers()[*rc::gen::inRange<size_t>(0, all_layers().size())];
    path.push_back({row.kind, row.has_number() ? *rc::gen::inRange<int32_t>(0, 2147483647) : -1});
  }
  RC_ASSERT(parse_path(to_string(path)) == path);
}

// Any change of one byte of a path is another path or is refused, with its column.
RC_GTEST_PROP(PathLaws, AnyTextIsReadOrRefused, ()) {
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

struct Refused {
  const char* text;
  const char* where;
};

class PathRefuses : public testing::TestWithParam<Refused> {};

TEST_P(PathRefuses, AtTheFirstMistake) {
  try {
    parse_path(GetParam().text);
    FAIL() << "accepted " << GetParam().text;
  } catch (const engine::InputError& error) {
    EXPECT_EQ(error.where(), GetParam().where) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, PathRefuses,
                         testing::Values(Refused{"", "path:1:1"}, Refused{"nonsense", "path:1:1"},
                                         Refused{"direct+meta", "path:1:1"}, Refused{"meta+", "path:1:6"},
                                         Refused{"+meta", "path:1:1"}, Refused{"meta meta", "path:1:5"},
                                         Refused{"meta(0)", "path:1:5"}, Refused{"zero", "path:1:5"},
                                         Refused{"zero()", "path:1:6"}, Refused{"zero(-1)", "path:1:6"},
                                         Refused{"zero(1", "path:1:7"}, Refused{"zero(x)", "path:1:6"},
                                         Refused{"meta+zero(99999999999)", "path:1:11"},
                                         Refused{" meta", "path:1:1"}));

}  // namespace
}  // namespace corpora
