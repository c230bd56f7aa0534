#include "engine/fake/constants.h"

#include "engine/core/attachment.h"

namespace engine::fake {

namespace {

// The number of writes of unknown values to a storage.
struct UnknownWrites : AttachmentOf<UnknownWrites> {
  uint32_t count = 0;
};

struct Constant : AttachmentOf<Constant> {
  Tensor value;
  Storage storage;            // that of the fake, when it got the constant
  uint32_t unknown_writes{};  // to it, until then
};

}  // namespace

Tensor constant_of(const Tensor& fake) {
  const auto* const constant = attachment_of<Constant>(fake);
  if (!constant || constant->storage != fake.storage()) return {};
  const auto* const writes = attachment_of<UnknownWrites>(*fake.storage());
  return writes && writes->count == constant->unknown_writes ? constant->value : Tensor();
}

void keep_constant(const Tensor& fake, Tensor value) {
  auto* writes = attachment_of<UnknownWrites>(*fake.storage());
  if (!writes) {
    const auto made = make_intrusive<UnknownWrites>();
    writes = made.get();
    attach(*fake.storage(), made);
  }
  auto* constant = attachment_of<Constant>(fake);
  if (!constant) {
    const auto made = make_intrusive<Constant>();
    constant = made.get();
    attach(fake, made);
  }
  constant->value = std::move(value);
  constant->storage = fake.storage();
  constant->unknown_writes = writes->count;
}

void forget_constants(const Storage& storage) {
  if (auto* const writes = storage ? attachment_of<UnknownWrites>(*storage) : nullptr) ++writes->count;
}

}  // namespace engine::fake
