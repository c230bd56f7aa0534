#include "oracles/subjects/engine/neighbour.h"

#include <gtest/gtest.h>

#include <set>

#include "corpora/case/text.h"

namespace oracles {
namespace {

// Two views of one storage, and a flag.
corpora::Case case_with(int64_t offset) {
  corpora::Case c;
  c.storages.push_back({engine::DType::f32, 64, corpora::FillRule::ones, 0, {}});
  for (int i = 0; i < 2; ++i) c.inputs.push_back({0, {2, 3}, {3, 1}, offset});
  corpora::Call call{"aten::mine", {}, {}};
  for (int i = 0; i < 2; ++i) call.arguments.push_back(corpora::Value::of_input(i));
  call.arguments.push_back(corpora::Value::of_boolean(true));
  c.calls.push_back(call);
  return c;
}

TEST(Neighbour, EachPropertyOfTheKeyOfACallIsChangedInSomeCase) {
  std::set<std::string> changed;
  for (int64_t offset = 0; offset < 58; ++offset) {
    const corpora::Case c = case_with(offset), near = neighbour_of(c);
    EXPECT_EQ(corpora::fault_of(near), "");
    EXPECT_EQ(corpora::to_text(near), corpora::to_text(neighbour_of(c))) << "it depends on the case only";
    if (near.storages.size() != c.storages.size()) changed.insert("sharing");
    if (near.storages[0].dtype != c.storages[0].dtype) changed.insert("dtype");
    if (near.storages[0].elements != c.storages[0].elements && near.inputs == c.inputs)
      changed.insert("bytes");
    if (near.calls != c.calls) changed.insert("number");
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      if (near.inputs[i].offset != c.inputs[i].offset) changed.insert("offset");
      if (near.inputs[i].sizes != c.inputs[i].sizes) changed.insert("sizes");
    }
  }
  EXPECT_EQ(changed, (std::set<std::string>{"bytes", "dtype", "number", "offset", "sharing", "sizes"}));
}

TEST(Neighbour, CaseWithoutInputsIsItsOwn) {
  corpora::Case c = case_with(0);
  c.inputs.clear();
  c.calls[0].arguments.clear();
  EXPECT_EQ(neighbour_of(c), c);
}

}  // namespace
}  // namespace oracles
