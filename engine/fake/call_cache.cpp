#include "engine/fake/call_cache.h"

#include <algorithm>
#include <bit>

#include "engine/dispatch/operator.h"
#include "engine/python/wrapper.h"

namespace engine::fake {

namespace {

using Key = CallCache::Key;

// Writes one call into a key. Each value begins with its tag, and each list with its length.
class KeyWriter {
 public:
  KeyWriter(Key& key, const GivenTensors& given) : key_(key), given_(given) {}

  void number(uint64_t number) { key_.push_back(number); }
  void dims(IntSpan dims) {
    number(dims.size());
    for (const int64_t each : dims) number(static_cast<uint64_t>(each));
  }
  void tensor(const Tensor& tensor);
  // Whether the value can be part of a key.
  bool value(const Value& value);

 private:
  Key& key_;
  const GivenTensors& given_;
  size_t next_ = 0;  // the given tensor that comes next
};

void KeyWriter::tensor(const Tensor& tensor) {
  if (!tensor.defined()) return number(~uint64_t{0});
  const Tensor& fake = given_[next_].fake;
  size_t same = 0, sharing = 0;
  while (!given_[same].fake.is_same(fake)) ++same;
  while (given_[sharing].fake.storage() != fake.storage()) ++sharing;
  number(same << 32 | sharing);
  ++next_;
  if (same + 1 < next_) return;  // described above
  const Device device = fake.device();
  number(uint64_t{static_cast<uint8_t>(fake.dtype())} << 32 |
         uint64_t{static_cast<uint8_t>(device.type)} << 24 |
         uint64_t{static_cast<uint16_t>(device.index)} << 8 | (fake.requires_grad() ? 1 : 0));
  number(fake.keys().raw());
  dims(fake.sizes());
  for (const int64_t stride : fake.strides()) number(static_cast<uint64_t>(stride));
  number(static_cast<uint64_t>(fake.offset()));
  number(fake.storage() ? fake.storage()->bytes() : 0);
}

bool KeyWriter::value(const Value& value) {
  number(static_cast<uint64_t>(value.tag()));
  switch (value.tag()) {
    case ValueTag::none:
      return true;
    case ValueTag::boolean:
      number(value.boolean() ? 1 : 0);
      return true;
    case ValueTag::integer:
      number(static_cast<uint64_t>(value.integer()));
      return true;
    case ValueTag::real:
      number(std::bit_cast<uint64_t>(value.real()));
      return true;
    case ValueTag::complex:
      number(std::bit_cast<uint64_t>(value.complex().real()));
      number(std::bit_cast<uint64_t>(value.complex().imag()));
      return true;
    case ValueTag::dtype:
      number(static_cast<uint64_t>(value.dtype()));
      return true;
    case ValueTag::device:
      number(uint64_t{static_cast<uint8_t>(value.device().type)} << 16 |
             static_cast<uint16_t>(value.device().index));
      return true;
    case ValueTag::integers:
      dims(value.integers());
      return true;
    case ValueTag::tensor:
      tensor(value.tensor());
      return true;
    case ValueTag::tensors:
      number(value.tensors().size());
      for (const Tensor& each : value.tensors()) tensor(each);
      return true;
    case ValueTag::optional_tensors:
      number(value.optional_tensors().size());
      for (const std::optional<Tensor>& each : value.optional_tensors()) {
        number(each ? 1 : 0);
        if (each) tensor(*each);
      }
      return true;
    default:
      return false;
  }
}

std::string_view describe_tensor(const Tensor& fake, const GivenTensors& given,
                                 std::vector<const StorageBlock*>& fresh, CachedTensor& made) {
  if (!fake.defined()) return {};
  for (size_t i = 0; i < given.size(); ++i)
    if (given[i].fake.is_same(fake)) {
      made.kind = CachedTensor::Kind::argument;
      made.argument = i;
      return {};
    }
  const Tensor& inner = unwrapped(fake);
  made.keys = inner.keys();
  made.dtype = inner.dtype();
  made.geometry = Geometry(inner.sizes(), inner.strides());
  made.offset = inner.offset();
  for (size_t i = 0; i < given.size(); ++i)
    if (given[i].fake.storage() == fake.storage()) {
      made.kind = CachedTensor::Kind::view;
      made.argument = i;
      return {};
    }
  const StorageBlock* const storage = fake.storage().get();
  if (!storage) return "a result without storage";
  if (std::ranges::count(fresh, storage) > 0) return "results that share a new storage";
  fresh.push_back(storage);
  made.kind = CachedTensor::Kind::fresh;
  made.bytes = storage->bytes();
  return {};
}

}  // namespace

std::string_view CallCache::key_of(const Call& call, const Stack& arguments, const GivenTensors& given,
                                   Key& key) {
  KeyWriter writer(key, given);
  const KeySet meta(DispatchKey::Meta);
  writer.number(reinterpret_cast<uintptr_t>(&call.entry));
  writer.number(reinterpret_cast<uintptr_t>(&call.entry.kernel_at(meta)));
  writer.number(thread_keys.included.raw());
  writer.number(thread_keys.excluded.raw());
  for (const Value& value : arguments)
    if (!writer.value(value)) return "an argument of another type";
  return {};
}

std::string_view CallCache::describe(const Stack& results, const GivenTensors& given, CachedCall& made) {
  std::vector<const StorageBlock*> fresh;
  for (const Value& value : results) {
    CachedResult& result = made.results.emplace_back();
    result.is_list = value.is(ValueTag::tensors);
    if (!result.is_list && !value.is_tensor()) return "a result that is not a tensor";
    const std::span<const Tensor> tensors =
        result.is_list ? std::span<const Tensor>(value.tensors()) : std::span(&value.tensor(), 1);
    for (const Tensor& tensor : tensors)
      if (const auto why = describe_tensor(tensor, given, fresh, result.tensors.emplace_back()); !why.empty())
        return why;
  }
  return {};
}

size_t CallCache::Hash::operator()(const Key& key) const {
  uint64_t hash = key.size();
  for (const uint64_t word : key) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15;
    hash ^= hash >> 32;
  }
  return hash;
}

const CachedCall* CallCache::find(const Key& key) {
  const auto found = calls_.find(key);
  if (found == calls_.end()) {
    ++counts_.misses;
    return nullptr;
  }
  ++counts_.hits;
  return &found->second;
}

void CallCache::keep(const Key& key, CachedCall call) {
  if (calls_.size() >= calls_max) calls_.clear();
  calls_.emplace(key, std::move(call));
}

}  // namespace engine::fake
