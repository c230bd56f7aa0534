// Attachment: an object that goes with a tensor or a storage (Tensor::attached(), StorageBlock::attached()),
// such as the fake of a real tensor. Several form a list; each type finds its own. Promises: attaching
// changes nothing else about the owner. Not for two threads at once.
#pragma once

#include "engine/core/intrusive.h"

namespace engine {

struct Attachment : RefCounted {
  explicit Attachment(const void* kind) : kind_of_attachment(kind) {}
  const void* kind_of_attachment;
  Intrusive<RefCounted> next;
};

// The base of attachments of type `Own`.
template <class Own>
struct AttachmentOf : Attachment {
  AttachmentOf() : Attachment(&kind) {}
  static constexpr char kind = 0;  // its address is the type's name
};

// The newest of the type that `wanted` accepts; null if there is none.
template <class Own, class Owner, class Wanted>
Own* attachment_of(const Owner& owner, const Wanted& wanted) {
  for (RefCounted* at = owner.attached().get(); at;) {
    auto* const each = static_cast<Attachment*>(at);
    if (each->kind_of_attachment == &AttachmentOf<Own>::kind && wanted(static_cast<Own&>(*each)))
      return static_cast<Own*>(each);
    at = each->next.get();
  }
  return nullptr;
}
template <class Own, class Owner>
Own* attachment_of(const Owner& owner) {
  return attachment_of<Own>(owner, [](const Own&) { return true; });
}

template <class Own, class Owner>
void attach(Owner& owner, Intrusive<Own> object) {
  object->next = owner.attached();
  owner.attach(std::move(object));
}

}  // namespace engine
