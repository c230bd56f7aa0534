#include "corpora/case/layers.h"

#include <gtest/gtest.h>

#include <set>

namespace corpora {
namespace {

TEST(Layers, RowsHaveDifferentNamesAndPhrases) {
  std::set<std::string_view> names, phrases;
  for (const LayerRow& row : all_layers()) {
    EXPECT_EQ(&row_of(row.kind), &row);
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(phrases.insert(row.phrase).second && !row.phrase.empty()) << row.name;
  }
}

TEST(Layers, LayerThatMarksViewsHasAKeyAndAStorage) {
  for (const LayerRow& row : all_layers())
    EXPECT_TRUE(!row.marks_views || (row.key && row.names_a_storage())) << row.name;
}

// `pattern` changes memory that a script cannot choose, and `form` is the call that the script makes.
TEST(Layers, EveryLayerHasAStepInBothLanguagesOrAReason) {
  std::set<std::string_view> neither;
  for (const LayerRow& row : all_layers()) {
    EXPECT_FALSE(row.has_python() && !row.no_python.empty()) << row.name;
    if (!row.has_python() && row.no_python.empty()) neither.insert(row.name);
    EXPECT_EQ(row.python_memory.empty(), row.cpp_memory.empty()) << row.name;
    EXPECT_EQ(row.python_views.empty() || row.in_python_only(), row.cpp_views.empty()) << row.name;
    for (std::string_view step : {row.python_memory, row.python_views, row.cpp_memory, row.cpp_views})
      EXPECT_TRUE(step.empty() || step.ends_with('\n')) << row.name;
  }
  EXPECT_EQ(neither, (std::set<std::string_view>{"form", "pattern", "threads"}));
}

TEST(LayerSet, HasTheAddedLayers) {
  LayerSet set;
  set.add(LayerKind::zeros);
  set.add(LayerKind::unrecorded);
  for (const LayerRow& row : all_layers())
    EXPECT_EQ(set.has(row.kind), row.kind == LayerKind::zeros || row.kind == LayerKind::unrecorded);
}

}  // namespace
}  // namespace corpora
