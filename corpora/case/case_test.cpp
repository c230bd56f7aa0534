#include "corpora/case/case.h"

#include <gtest/gtest.h>

namespace corpora {
namespace {

using engine::DType;

// relu(t0) with t0 = f32[2, 3]
Case plain_case() {
  Case c;
  c.storages.push_back({DType::f32, 6, FillRule::ones, 0, {}});
  c.inputs.push_back({0, {2, 3}, {3, 1}, 0});
  c.calls.push_back({"aten::relu", {"self"}, {Value::of_input(0)}});
  return c;
}

template <class Edit>
std::string fault_after(Edit&& edit) {
  Case c = plain_case();
  edit(c);
  return fault_of(c);
}

TEST(Case, PlainCaseIsWellFormed) { EXPECT_EQ(fault_of(plain_case()), ""); }

TEST(Case, CaseWithoutACallIsAFault) {
  EXPECT_NE(fault_after([](Case& c) { c.calls.clear(); }), "");
}

TEST(Case, ViewOutsideItsStorageIsAFault) {
  EXPECT_EQ(fault_after([](Case& c) { c.inputs[0].offset = 1; }),
            "t0: the view needs 6 elements at offset 1, but s0 has 6");
  EXPECT_NE(fault_after([](Case& c) { c.inputs[0].storage = 1; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.inputs[0].strides = {3}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.inputs[0].strides = {-3, 1}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.inputs[0].sizes = {-2, 3}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.inputs[0].offset = -1; }), "");
}

TEST(Case, ExtentThatOverflowsIsAFault) {
  const int64_t huge = INT64_MAX;
  EXPECT_NE(fault_after([&](Case& c) { c.inputs[0].strides = {huge, huge}; }), "");
  EXPECT_NE(fault_after([&](Case& c) { c.inputs[0].sizes = {huge, huge}; }), "");
  EXPECT_NE(fault_after([&](Case& c) { c.inputs[0] = {0, {huge, huge, 0}, {0, 0, 0}, 0}; }), "");
  EXPECT_NE(fault_after([&](Case& c) { c.inputs[0] = {0, {1 << 20, 1 << 20}, {0, 0}, 0}; }), "");
  EXPECT_NE(fault_after([&](Case& c) { c.inputs[0] = {0, {2}, {huge}, 6}; }), "");
}

TEST(Case, EmptyAndExpandedViewsAreWellFormed) {
  EXPECT_EQ(fault_after([](Case& c) { c.inputs[0] = {0, {0, 5}, {100, 100}, 6}; }), "");
  EXPECT_EQ(fault_after([](Case& c) { c.inputs[0] = {0, {9, 6}, {0, 1}, 0}; }), "");
  EXPECT_EQ(fault_after([](Case& c) { c.inputs[0] = {0, {}, {}, 5}; }), "");
}

TEST(Case, StorageWithWrongValuesIsAFault) {
  EXPECT_NE(fault_after([](Case& c) { c.storages[0].rule = FillRule::values; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.storages[0].bytes.resize(24); }), "");
  EXPECT_NE(fault_after([](Case& c) { c.storages[0].elements = -1; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.storages[0].elements = INT64_MAX; }), "");
  EXPECT_NE(fault_after([](Case& c) {
              c.storages[0] = {DType::b8, 6, FillRule::values, 0, std::vector<std::byte>(6, std::byte{2})};
            }),
            "");
}

TEST(Case, ReferenceToALaterResultIsAFault) {
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].arguments[0] = Value::of_input(1); }), "");
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].arguments[0] = Value::of_result(0, 0); }), "");
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].arguments[0] = Value::of_list({Value::of_input(-1)}); }),
            "");
  EXPECT_EQ(fault_after([](Case& c) { c.calls.push_back({"aten::relu", {}, {Value::of_result(0, 0)}}); }),
            "");
}

TEST(Case, HeaderThatNamesAnUnknownStorageIsAFault) {
  EXPECT_EQ(fault_after([](Case& c) { c.header.path = {{LayerKind::zero, 0}, {LayerKind::meta, -1}}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.header.path = {{LayerKind::zero, 1}}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.header.path = {{LayerKind::meta, 0}}; }), "");
  EXPECT_EQ(fault_after([](Case& c) { c.header.path = {{LayerKind::form, 7}}; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.header.expect = Expect::differ; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.header.expect_kind = "value"; }), "");
}

TEST(Case, NamesAndNestingAreLimited) {
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].op = "relu"; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].op = "aten::re lu"; }), "");
  EXPECT_NE(fault_after([](Case& c) { c.calls[0].names = {"self", "other"}; }), "");
  EXPECT_NE(fault_after([](Case& c) {
              Value deep;
              for (int i = 0; i < 100; ++i) deep = Value::of_list({deep});
              c.calls[0].arguments[0] = deep;
            }),
            "");
}

TEST(Case, StorageBytesSaturate) {
  Case c = plain_case();
  EXPECT_EQ(storage_bytes(c), 24);
  c.storages.push_back({DType::c128, INT64_MAX / 2, FillRule::zeros, 0, {}});
  EXPECT_EQ(storage_bytes(c), INT64_MAX);
}

}  // namespace
}  // namespace corpora
