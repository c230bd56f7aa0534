#include "engine/fake/converter.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "engine/autograd/history.h"
#include "engine/autograd/view.h"
#include "engine/core/error.h"

namespace engine::fake {

namespace {

constexpr KeySet lazy_keys{DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor};

// What one converter made of a tensor or of a storage, attached to it; then what others made of it.
template <class Made>
struct Memo : RefCounted {
  Memo(uint64_t number, Made object, Intrusive<RefCounted> others)
      : converter(number), made(std::move(object)), next(std::move(others)) {}
  uint64_t converter;
  Made made;
  Intrusive<RefCounted> next;
};

// Two threads may convert one tensor, each in its own mode.
std::mutex& attachments() {
  static std::mutex mutex;
  return mutex;
}

template <class Made, class Owner>
Made remembered(const Owner& owner, uint64_t converter) {
  const std::lock_guard lock(attachments());
  for (const RefCounted* at = owner.attached().get(); at;) {
    const auto& memo = static_cast<const Memo<Made>&>(*at);
    if (memo.converter == converter) return memo.made;
    at = memo.next.get();
  }
  return {};
}

template <class Made, class Owner>
Made remember(Owner& owner, uint64_t converter, Made made) {
  const std::lock_guard lock(attachments());
  owner.attach(make_intrusive<Memo<Made>>(converter, made, owner.attached()));
  return made;
}

uint64_t next_number() {
  static std::atomic<uint64_t> made{0};
  return ++made;
}

}  // namespace

Converter::Converter(Interpreter& mode) : mode_(mode), number_(next_number()) {}

Tensor Converter::fake_of(const Tensor& real) {
  if (!real.defined() || interpreter_of(real) == &mode_) return real;
  if (const Interpreter* const other = interpreter_of(real))
    throw Error(fmt::format("a tensor of {} cannot be made fake", other->name()), ErrorKind::type);
  if (Tensor known = remembered<Tensor>(real, number_); known.defined()) return known;
  return remember(real, number_, made_of(real));
}

Tensor Converter::made_of(const Tensor& real) {
  const Tensor inner(make_intrusive<TensorBody>(dense_keys(DeviceType::meta) | (real.keys() & lazy_keys),
                                                storage_of(real), real.dtype(), DeviceType::meta,
                                                Geometry(real.sizes(), real.strides()), real.offset()));
  const Tensor fake = make_wrapper(mode_, inner, inner.storage(), real.device());
  fake.set_keys((real.keys() - lazy_keys) | python_keys);
  give_history(fake, real);
  return fake;
}

Storage Converter::storage_of(const Tensor& real) const {
  const Storage& storage = real.storage();
  if (!storage) return storage;
  if (Storage known = remembered<Storage>(*storage, number_)) return known;
  return remember(*storage, number_, make_storage_without_data(DeviceType::meta, storage->bytes()));
}

void Converter::give_history(const Tensor& fake, const Tensor& real) {
  using namespace autograd;
  if (const View* const view = view_of(real)) {
    View same = *view;
    same.base = fake_of(view->base);
    set_view(fake, std::move(same));
  }
  if (!requires_grad(real)) return;
  if (is_leaf(real)) return require_grad(fake);
  set_history(fake, make_intrusive<NotDifferentiable>("a conversion to a fake tensor", std::vector<Edge>{}),
              0);
}

}  // namespace engine::fake
