#include "engine/dispatch/operator_entry.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/dispatch/refusals.h"

namespace engine {

namespace {

// Whether an argument of this type can have keys.
bool contributes(const Type& type) {
  switch (type.kind) {
    case TypeKind::tensor:
    case TypeKind::generator:
    case TypeKind::any:
    case TypeKind::variable:
      return true;
    default:
      return std::any_of(type.elements.begin(), type.elements.end(), contributes);
  }
}

bool is_fallthrough(const Resolution& resolution) {
  return resolution.registered && resolution.registered->kernel.kind == KernelKind::fallthrough;
}

const Kernel& kernel_for(const Resolution& resolution) {
  return resolution.registered ? resolution.registered->kernel : refusal_for(resolution.reason);
}

}  // namespace

Declaration::Declaration(Schema declared) : schema(std::move(declared)) {
  if (schema.arguments.size() > arguments_max)
    throw Error(fmt::format("{} has {} arguments, and at most {} are possible", schema.qualified(),
                            schema.arguments.size(), arguments_max),
                ErrorKind::registration);
  argument_count = schema.arguments.size();
  for (size_t i = 0; i < argument_count; ++i)
    if (contributes(schema.arguments[i].type)) key_positions |= uint64_t{1} << i;
}

OperatorEntry::OperatorEntry(Dispatcher& dispatcher, std::string name)
    : dispatcher_(dispatcher), name_(std::move(name)) {
  for (size_t slot = 0; slot < table_size; ++slot) put(slot, {Reason::no_schema, nullptr});
  refresh_masks();
}

const Schema& OperatorEntry::schema() const {
  const Declaration* declared = declaration();
  if (!declared) throw Error(name_ + " has no schema: it has kernels, but it is not defined");
  return declared->schema;
}

OperatorEntry::Settled OperatorEntry::below_fallthroughs(KeySet keys) const {
  const Kernel* kernel = nullptr;
  do {
    // A composite that falls through is also the kernel at Undefined, the lowest key.
    const DispatchKey layer = keys.highest_functionality();
    if (layer == DispatchKey::Undefined) return {keys, &refusal_for(Reason::missing)};
    keys = keys.remove(layer);
    kernel = &kernel_at(keys);
  } while (kernel->kind == KernelKind::fallthrough);
  return {keys, kernel};
}

void OperatorEntry::declare(std::unique_ptr<Declaration> declaration, const FallbackKernels& fallbacks) {
  declared_ = std::move(declaration);
  declaration_.store(declared_.get(), std::memory_order_release);
  refresh_all(fallbacks);
  list();
}

std::unique_ptr<Declaration> OperatorEntry::undeclare(const FallbackKernels& fallbacks) {
  declaration_.store(nullptr, std::memory_order_release);
  std::unique_ptr<Declaration> gone = std::move(declared_);
  refresh_all(fallbacks);
  list();
  return gone;
}

void OperatorEntry::add(std::unique_ptr<Registered> kernel, const FallbackKernels& fallbacks) {
  const DispatchKey key = kernel->key;
  newest_[static_cast<size_t>(key)] = kernel.get();
  kernels_.push_back(std::move(kernel));
  list();
  for (uint16_t slot : affected_slots(key)) refresh(slot, fallbacks);
  refresh_masks();
}

std::unique_ptr<Registered> OperatorEntry::remove(const Registered* kernel,
                                                  const FallbackKernels& fallbacks) {
  const auto found = std::find_if(kernels_.begin(), kernels_.end(),
                                  [&](const auto& registered) { return registered.get() == kernel; });
  CHECK(found != kernels_.end(), name_ + ": the removed kernel is not registered");
  std::unique_ptr<Registered> removed = std::move(*found);
  kernels_.erase(found);
  list();
  const Registered*& newest = newest_[static_cast<size_t>(removed->key)];
  if (newest == kernel) {
    newest = nullptr;
    for (const auto& registered : kernels_)
      if (registered->key == removed->key) newest = registered.get();
    for (uint16_t slot : affected_slots(removed->key)) refresh(slot, fallbacks);
    refresh_masks();
  }
  return removed;
}

Resolution OperatorEntry::resolved(size_t slot, const FallbackKernels& fallbacks) const {
  if (!declared_) return {Reason::no_schema, nullptr};
  return resolve(newest_, fallbacks, table_keys()[slot]);
}

void OperatorEntry::refresh(size_t slot, const FallbackKernels& fallbacks) {
  put(slot, resolved(slot, fallbacks));
}

void OperatorEntry::refresh_all(const FallbackKernels& fallbacks) {
  for (size_t slot = 0; slot < table_size; ++slot) refresh(slot, fallbacks);
  refresh_masks();
}

void OperatorEntry::put(size_t slot, const Resolution& resolution) {
  masks_stale_ = masks_stale_ || is_fallthrough(resolution) != is_fallthrough(resolutions_[slot]);
  resolutions_[slot] = resolution;
  reasons_[slot].store(resolution.reason, std::memory_order_relaxed);
  table_[slot].store(&kernel_for(resolution), std::memory_order_release);
}

void OperatorEntry::refresh_masks() {
  if (!std::exchange(masks_stale_, false)) return;
  std::array<KeySet, backend_count + 1> masks;
  masks.fill(KeySet::full());
  for (size_t slot = 1; slot < table_size; ++slot) {
    if (!is_fallthrough(resolutions_[slot])) continue;
    const DispatchKey key = table_keys()[slot];
    const Backend of = backend_of(key);
    for (size_t b = 0; b < masks.size(); ++b)
      if (of == Backend::none || of == static_cast<Backend>(b))
        masks[b] = masks[b].remove(functionality_of(key));
  }
  masks[0] = masks[1];  // without a backend, any mask will do
  const bool same = std::all_of(masks.begin(), masks.end(), [&](KeySet mask) { return mask == masks[0]; });
  for (size_t b = 0; b < masks.size(); ++b) masks_[b].store(masks[b].raw(), std::memory_order_relaxed);
  mask_.store(masks[0].raw(), std::memory_order_relaxed);
  const int observed = flags() & observe_calls;
  flags_.store(static_cast<uint8_t>(observed | (same ? 0 : mask_per_backend)), std::memory_order_relaxed);
}

void OperatorEntry::set_observed(bool observed) {
  const int mask = flags() & mask_per_backend;
  flags_.store(static_cast<uint8_t>(mask | (observed ? observe_calls : 0)), std::memory_order_relaxed);
}

std::vector<std::string> OperatorEntry::table_faults(const FallbackKernels& fallbacks) const {
  std::vector<std::string> faults;
  for (size_t slot = 0; slot < table_size; ++slot) {
    const Resolution expected = resolved(slot, fallbacks);
    if (expected != resolutions_[slot] || &kernel_for(expected) != table_[slot].load() ||
        expected.reason != reasons_[slot].load())
      faults.push_back(fmt::format("{} at {}: the table has {}, the rule gives {}", name_,
                                   name_of(table_keys()[slot]), name_of(resolutions_[slot].reason),
                                   name_of(expected.reason)));
  }
  return faults;
}

}  // namespace engine
