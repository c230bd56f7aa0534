// Laws of key sets: bits, members, slots.
#include "engine/core/key_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace engine {
namespace {

using enum DispatchKey;

KeySet any_set() { return KeySet::from_raw(*rc::gen::arbitrary<uint64_t>() & KeySet::full().raw()); }
DispatchKey any_key() { return static_cast<DispatchKey>(*rc::gen::inRange(1, dispatch_key_count)); }

TEST(DispatchKey, NameIsReadBack) {
  for (int number = 0; number < dispatch_key_count; ++number) {
    const auto key = static_cast<DispatchKey>(number);
    EXPECT_EQ(dispatch_key_named(name_of(key)), key);
  }
  EXPECT_FALSE(dispatch_key_named("cpu"));
}

TEST(DispatchKey, RuntimeKeyHasFunctionalityAndBackend) {
  EXPECT_EQ(runtime_key(Sparse, Backend::CUDA), SparseCUDA);
  EXPECT_EQ(runtime_key(AutogradFunctionality, Backend::Meta), AutogradMeta);
  EXPECT_EQ(runtime_key(Python, Backend::CUDA), Python);
  EXPECT_EQ(functionality_of(NestedTensorXLA), NestedTensor);
  EXPECT_EQ(backend_of(PrivateUse1), Backend::PrivateUse1);
  EXPECT_EQ(functionality_of(Autograd), Undefined);
}

TEST(KeySet, HalvesAreIndependent) {
  const KeySet set{CPU, AutogradCUDA};
  EXPECT_TRUE(set.has(CUDA));
  EXPECT_TRUE(set.has(AutogradCPU));
  EXPECT_EQ(set.highest_key(), AutogradCUDA);
  EXPECT_EQ(to_string(set), "DispatchKeySet(CPU, CUDA, AutogradCPU, AutogradCUDA)");
  EXPECT_EQ(to_string(set - KeySet(AutogradCUDA)), "DispatchKeySet(CPU, CUDA)");
}

// Deviation meta_is_highest.
TEST(KeySet, OrderIsThatOfPyTorchMain) {
  EXPECT_EQ((KeySet{CPU, Meta}).highest_key(), Meta);
  EXPECT_EQ((KeySet{CPU, ZeroTensor, Negative, Conjugate}).highest_key(), ZeroTensor);
  EXPECT_EQ((KeySet{CPU, ZeroTensor, ADInplaceOrView}).highest_key(), ADInplaceOrView);
  EXPECT_EQ((KeySet{PythonDispatcher, PreDispatch}).highest_key(), PythonDispatcher);
}

TEST(KeySet, FullSetHasOneSlotForEachKey) {
  EXPECT_EQ(KeySet::full().keys().size() + 1, table_size);
  for (size_t slot = 1; slot < table_size; ++slot) EXPECT_EQ(KeySet(table_keys()[slot]).table_index(), slot);
  EXPECT_EQ(table_keys()[0], Undefined);
  EXPECT_EQ(table_keys()[1], CPU);
}

TEST(KeySet, BackendBitsAloneDispatchAsUndefined) {
  const KeySet set(Backend::CUDA);
  EXPECT_FALSE(set.empty());
  EXPECT_EQ(set.highest_key(), Undefined);
  EXPECT_EQ(set.table_index(), 0u);
  EXPECT_EQ(to_string(set), "DispatchKeySet(CUDABit)");
}

// Deviation no_backend_bit: the law holds for every set, also where c10's name and slot differ.
RC_GTEST_PROP(KeySet, INV_01_TableIndexIsTheSlotOfTheHighestKey, ()) {
  const KeySet set = any_set();
  RC_ASSERT(table_keys()[set.table_index()] == set.highest_key());
}

RC_GTEST_PROP(KeySet, INV_02_DifferenceKeepsBackendBits, ()) {
  const KeySet set = any_set();
  const KeySet other = any_set();
  const DispatchKey key = any_key();
  RC_ASSERT(((set - other) & KeySet::backends()) == (set & KeySet::backends()));
  RC_ASSERT((set.add(key).remove(key) & set & KeySet::backends()) == (set & KeySet::backends()));
  RC_ASSERT(((set - other) & other & KeySet::functionalities()).empty());
}

TEST(KeySet, INV_03_FullAfterIsMonotone) {
  KeySet before;
  for (int f = 1; f <= functionality_count; ++f) {
    const auto key = static_cast<DispatchKey>(f);
    const KeySet after = KeySet::full_after(key);
    if (key != PythonDispatcher) {
      EXPECT_FALSE(after.has(key)) << name_of(key);
    }
    EXPECT_TRUE(after.has(PythonDispatcher));
    EXPECT_TRUE(after.has_all(before));
    before = after;
  }
  EXPECT_EQ(KeySet::full_after(AutogradCUDA), KeySet::full_after(AutogradFunctionality));
}

// Deviation alias_is_no_member.
RC_GTEST_PROP(KeySet, INV_04_AliasIsNeverAMember, ()) {
  const KeySet set = any_set();
  const auto alias = static_cast<DispatchKey>(*rc::gen::inRange(first_alias_key, dispatch_key_count));
  RC_ASSERT(!set.has(alias));
  RC_ASSERT(set.add(alias) == set);
  RC_ASSERT(set.remove(alias) == set);
}

RC_GTEST_PROP(KeySet, KeysAreExactlyTheMembers, ()) {
  const KeySet set = any_set();
  std::vector<DispatchKey> had;
  for (DispatchKey key : table_keys())
    if (set.has(key)) had.push_back(key);
  std::vector<DispatchKey> members = set.keys();
  std::sort(members.begin(), members.end());
  std::sort(had.begin(), had.end());
  RC_ASSERT(members == had);
}

}  // namespace
}  // namespace engine
