#include "engine/fake/converter.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>

#include "engine/autograd/history.h"
#include "engine/autograd/view.h"
#include "engine/core/attachment.h"
#include "engine/core/error.h"
#include "engine/core/inference.h"
#include "engine/core/lazy_keys.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/fake/shapes/shape_env.h"

namespace engine::fake {

namespace {

// What one converter made of a tensor or of a storage.
template <class Made>
struct Memo : AttachmentOf<Memo<Made>> {
  Memo(uint64_t number, Made object) : converter(number), made(std::move(object)) {}
  uint64_t converter;
  Made made;
};

// Two threads may convert one tensor, each in its own mode.
std::mutex& attachments() {
  static std::mutex mutex;
  return mutex;
}

template <class Made, class Owner>
Made remembered(const Owner& owner, uint64_t converter) {
  const std::lock_guard lock(attachments());
  const auto* const memo =
      attachment_of<Memo<Made>>(owner, [&](const Memo<Made>& each) { return each.converter == converter; });
  return memo ? memo->made : Made();
}

template <class Made, class Owner>
Made remember(Owner& owner, uint64_t converter, Made made) {
  const std::lock_guard lock(attachments());
  attach(owner, make_intrusive<Memo<Made>>(converter, made));
  return made;
}

uint64_t next_number() {
  static std::atomic<uint64_t> made{0};
  return ++made;
}

}  // namespace

Converter::Converter(Interpreter& mode, ShapeEnv* shapes)
    : mode_(mode), shapes_(shapes), number_(next_number()) {}

Tensor Converter::fake_of(const Tensor& real) {
  if (!real.defined() || interpreter_of(real) == &mode_) return real;
  if (const Interpreter* const other = interpreter_of(real))
    throw Error(fmt::format("a tensor of {} cannot be made fake", other->name()), ErrorKind::type);
  if (Tensor known = remembered<Tensor>(real, number_); known.defined()) return known;
  return remember(real, number_, made_of(real));
}

Tensor Converter::made_of(const Tensor& real) {
  const Tensor fake = fake_without_memo(real);
  fake.set_keys(real.keys() | python_keys);
  if (shapes_) {
    const ShapeEnv::Input input = shapes_->add_input(real);
    set_symbolic_geometry(fake, input.sizes, input.strides, input.offset);
  }
  give_history(fake, real);
  return fake;
}

Tensor Converter::fake_without_memo(const Tensor& real) {
  const Tensor inner(make_intrusive<TensorBody>(dense_keys(DeviceType::meta), storage_of(real), real.dtype(),
                                                DeviceType::meta, Geometry(real.sizes(), real.strides()),
                                                real.offset()));
  const KeySet of_real = lazy_keys | keys_of_recording;
  inner.set_keys((inner.keys() - of_real) | (real.keys() & of_real));
  return make_wrapper(mode_, inner, inner.storage(), real.device());
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
