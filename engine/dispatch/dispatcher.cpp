#include "engine/dispatch/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/dispatch/signature_check.h"

namespace engine {

struct DispatcherLife {
  std::mutex mutex;  // of every change to the dispatcher
  Dispatcher* dispatcher;
};

namespace {

[[noreturn]] void refuse(const std::string& message) { throw Error(message, ErrorKind::registration); }

std::string at(const std::string& where) { return where.empty() ? "somewhere" : where; }

void check_name(std::string_view name) {
  const size_t colons = name.find("::");
  if (colons == 0 || colons == std::string_view::npos || colons + 2 >= name.size())
    refuse(fmt::format("'{}' is no operator name; write namespace::name or namespace::name.overload", name));
}

template <class T>
std::unique_ptr<T> take_out(std::vector<std::unique_ptr<T>>& owners, const void* object) {
  const auto found =
      std::find_if(owners.begin(), owners.end(), [&](const auto& o) { return o.get() == object; });
  CHECK(found != owners.end(), "what is taken out was put in");
  std::unique_ptr<T> taken = std::move(*found);
  owners.erase(found);
  return taken;
}

}  // namespace

void Registration::reset() {
  const Registers what = std::exchange(what_, Registers::nothing);
  if (what == Registers::nothing) return;
  const std::lock_guard lock(life_->mutex);
  if (life_->dispatcher) life_->dispatcher->undo(what, owner_, object_);
}

Dispatcher::Dispatcher()
    : life_(std::make_shared<DispatcherLife>()), observers_(std::make_shared<const Observers>()) {
  life_->dispatcher = this;
}

Dispatcher::~Dispatcher() {
  const std::lock_guard lock(life_->mutex);
  life_->dispatcher = nullptr;
}

OperatorEntry& Dispatcher::entry_for(std::string_view name) {
  check_name(name);
  if (OperatorEntry* known = index_.find(name)) return *known;
  OperatorEntry& entry = entries_.emplace_back(*this, std::string(name));
  bool redispatch = false;
  for (const auto& observer : *observers_) redispatch |= observer->wants_redispatches();
  entry.set_observed(!observers_->empty(), redispatch);
  index_.add(&entry);
  return entry;
}

Registration Dispatcher::define(std::string_view schema, std::string where, const Accuracy& accuracy) {
  return define(parse_schema(schema), std::move(where), accuracy);
}

Registration Dispatcher::define(Schema schema, std::string where, const Accuracy& accuracy) {
  auto declaration = std::make_unique<Declaration>(std::move(schema));
  declaration->where = std::move(where);
  declaration->accuracy = accuracy;
  const std::lock_guard lock(life_->mutex);
  OperatorEntry& entry = entry_for(declaration->schema.qualified());
  if (const Declaration* first = entry.declaration())
    refuse(fmt::format("{} is defined twice: at {} and at {}", entry.name(), at(first->where),
                       at(declaration->where)));
  for (const auto& registered : entry.kernels()) {
    if (!registered->kernel.signature) continue;
    const std::string fault = signature_fault(declaration->schema, *registered->kernel.signature);
    if (!fault.empty())
      refuse(fmt::format("{} defined at {} does not fit the kernel for {} of {}, which is {}: {}",
                         to_string(declaration->schema), at(declaration->where), name_of(registered->key),
                         at(registered->where), to_string(*registered->kernel.signature), fault));
  }
  const bool was_listed = entry.is_listed();
  const Declaration* const object = declaration.get();
  entry.declare(std::move(declaration), fallbacks_);
  tell_new(entry, was_listed);
  return {life_, Registers::definition, &entry, object};
}

Registration Dispatcher::define_inferred(std::string_view name, const Kernel& kernel, std::string where) {
  check_name(name);
  if (!kernel.signature)
    refuse(fmt::format("{}: no schema can be inferred from a boxed kernel; write the schema", name));
  Schema schema = kernel.signature->infer();
  const size_t dot = name.find('.', name.find("::"));
  schema.name = name.substr(0, dot);
  if (dot != std::string_view::npos) schema.overload = name.substr(dot + 1);
  return define(std::move(schema), std::move(where));
}

void Dispatcher::check_kernel(const OperatorEntry& entry, const Kernel& kernel, DispatchKey key,
                              const std::string& where) const {
  if (!kernel.signature) return;
  if (const Declaration* declared = entry.declaration()) {
    const std::string fault = signature_fault(declared->schema, *kernel.signature);
    if (!fault.empty())
      refuse(fmt::format("the kernel of {} for {} at {} is {}, which does not fit {} defined at {}: {}",
                         entry.name(), name_of(key), at(where), to_string(*kernel.signature),
                         to_string(declared->schema), at(declared->where), fault));
  }
  for (const auto& other : entry.kernels())
    if (other->kernel.signature && !same_signature(*other->kernel.signature, *kernel.signature))
      refuse(
          fmt::format("the kernels of {} have different C++ signatures: {} for {} at {}, and {} for {} at {}",
                      entry.name(), to_string(*other->kernel.signature), name_of(other->key),
                      at(other->where), to_string(*kernel.signature), name_of(key), at(where)));
}

Registration Dispatcher::implement(std::string_view name, DispatchKey key, Kernel kernel, std::string where) {
  if (key == DispatchKey::Undefined) key = DispatchKey::CompositeImplicitAutograd;
  if (is_building_block(key))
    refuse(fmt::format(
        "{} for {}: this is a part of keys, and no call goes to it; register for a backend's key, "
        "such as {}",
        name, name_of(key), name_of(runtime_key(key, Backend::CPU))));
  const std::lock_guard lock(life_->mutex);
  OperatorEntry& entry = entry_for(name);
  check_kernel(entry, kernel, key, where);
  const bool was_listed = entry.is_listed();
  auto registered = std::make_unique<Registered>(Registered{std::move(kernel), key, std::move(where)});
  const Registered* const object = registered.get();
  entry.add(std::move(registered), fallbacks_);
  tell_new(entry, was_listed);
  return {life_, Registers::kernel, &entry, object};
}

Registrations Dispatcher::fallback(DispatchKey key, const Kernel& kernel, const std::string& where) {
  if (kernel.signature)
    refuse(fmt::format("a fallback for {} must be boxed: it serves every operator", name_of(key)));
  const std::vector<DispatchKey> keys = expansion(key).keys();
  if (keys.empty()) refuse(fmt::format("a fallback for {} serves nothing", name_of(key)));
  const std::lock_guard lock(life_->mutex);
  for (DispatchKey each : keys)
    if (const Registered* first = fallbacks_[KeySet(each).table_index()])
      refuse(fmt::format("a second fallback for {}: at {}, and the first at {}", name_of(each), at(where),
                         at(first->where)));
  Registrations registrations;
  for (DispatchKey each : keys) {
    const size_t slot = KeySet(each).table_index();
    fallback_kernels_.push_back(std::make_unique<Registered>(Registered{kernel, each, where}));
    fallbacks_[slot] = fallback_kernels_.back().get();
    for (OperatorEntry& entry : entries_) {
      entry.refresh(slot, fallbacks_);
      entry.refresh_masks();
    }
    registrations.push_back(Registration(life_, Registers::fallback, nullptr, fallbacks_[slot]));
  }
  return registrations;
}

Registration Dispatcher::own_namespace(std::string_view name_space, std::string where) {
  const std::lock_guard lock(life_->mutex);
  for (const auto& owned : name_spaces_)
    if (owned->name == name_space)
      refuse(fmt::format(
          "namespace {} is defined twice: at {} and at {}; add to it with a fragment, or implement "
          "its operators",
          name_space, at(owned->where), at(where)));
  name_spaces_.push_back(std::make_unique<NameSpace>(NameSpace{std::string(name_space), std::move(where)}));
  return {life_, Registers::name_space, nullptr, name_spaces_.back().get()};
}

Registration Dispatcher::observe(const std::shared_ptr<Observer>& observer) {
  const std::lock_guard lock(life_->mutex);
  Observers observers = *observers_;
  observers.push_back(observer);
  publish_observers(std::move(observers));
  for (const OperatorEntry& entry : entries_)
    if (entry.is_listed()) observer->on_registered(entry);
  return {life_, Registers::observer, nullptr, observer.get()};
}

void Dispatcher::keep(Registrations registrations) {
  const std::lock_guard lock(life_->mutex);
  for (Registration& each : registrations) kept_.push_back(std::move(each));
}

void Dispatcher::publish_observers(Observers observers) {
  bool redispatch = false;
  for (const auto& observer : observers) redispatch |= observer->wants_redispatches();
  observers_ = std::make_shared<const Observers>(std::move(observers));
  for (OperatorEntry& entry : entries_) entry.set_observed(!observers_->empty(), redispatch);
}

std::shared_ptr<const Observers> Dispatcher::observers() const {
  const std::lock_guard lock(life_->mutex);
  return observers_;
}

void Dispatcher::tell_new(const OperatorEntry& entry, bool was_listed) {
  if (was_listed) return;
  for (const auto& observer : *observers_) observer->on_registered(entry);
}

void Dispatcher::tell_gone_if(const OperatorEntry& entry) {
  if (entry.is_listed()) return;
  for (const auto& observer : *observers_) observer->on_deregistered(entry);
}

void Dispatcher::undo(Registers what, const void* owner, const void* object) {
  OperatorEntry* const entry = const_cast<OperatorEntry*>(static_cast<const OperatorEntry*>(owner));
  switch (what) {
    case Registers::nothing:
      return;
    case Registers::definition:
      retire(std::shared_ptr<Declaration>(entry->undeclare(fallbacks_)));
      return tell_gone_if(*entry);
    case Registers::kernel:
      retire(std::shared_ptr<Registered>(entry->remove(static_cast<const Registered*>(object), fallbacks_)));
      return tell_gone_if(*entry);
    case Registers::fallback:
      return undo_fallback(static_cast<const Registered*>(object));
    case Registers::name_space:
      take_out(name_spaces_, object);
      return;
    case Registers::observer:
      return undo_observer(object);
  }
}

void Dispatcher::undo_fallback(const Registered* fallback) {
  const size_t slot = KeySet(fallback->key).table_index();
  fallbacks_[slot] = nullptr;
  for (OperatorEntry& entry : entries_) {
    entry.refresh(slot, fallbacks_);
    entry.refresh_masks();
  }
  retire(std::shared_ptr<Registered>(take_out(fallback_kernels_, fallback)));
}

void Dispatcher::undo_observer(const void* observer) {
  Observers observers = *observers_;
  const auto found = std::find_if(observers.begin(), observers.end(),
                                  [&](const auto& each) { return each.get() == observer; });
  CHECK(found != observers.end(), "an observer leaves that is there");
  observers.erase(found);
  publish_observers(std::move(observers));
}

std::optional<Operator> Dispatcher::find(std::string_view name) const {
  const OperatorEntry* const entry = index_.find(name);
  if (!entry || !entry->is_listed()) return std::nullopt;
  return Operator(entry);
}

Operator Dispatcher::op(std::string_view name) const {
  const std::optional<Operator> found = find(name);
  if (!found) throw Error(fmt::format("there is no operator {}", name));
  if (!found->has_schema())
    throw Error(fmt::format("{} has no schema: kernels are registered for it, but it is not defined", name));
  return *found;
}

std::vector<Operator> Dispatcher::operators() const {
  const std::lock_guard lock(life_->mutex);
  std::vector<Operator> all;
  for (const OperatorEntry& entry : entries_)
    if (entry.is_listed()) all.emplace_back(&entry);
  std::sort(all.begin(), all.end(), [](const Operator& a, const Operator& b) { return a.name() < b.name(); });
  return all;
}

bool Dispatcher::has_fallback(DispatchKey runtime_key) const {
  const std::lock_guard lock(life_->mutex);
  return fallbacks_[KeySet(runtime_key).table_index()] != nullptr;
}

void Dispatcher::reclaim() {
  const std::lock_guard lock(life_->mutex);
  retired_.clear();
}

std::vector<std::string> Dispatcher::table_faults() const {
  const std::lock_guard lock(life_->mutex);
  std::vector<std::string> faults;
  for (const OperatorEntry& entry : entries_)
    for (std::string& fault : entry.table_faults(fallbacks_)) faults.push_back(std::move(fault));
  return faults;
}

std::vector<std::string> Dispatcher::without_definition() const {
  std::vector<std::string> names;
  for (const Operator& each : operators())
    if (!each.has_schema()) names.push_back(each.name());
  return names;
}

const Kernel* Dispatcher::own_kernel(const OperatorEntry& entry, DispatchKey key) const {
  const std::lock_guard lock(life_->mutex);
  if (const Registered* own = entry.newest()[static_cast<size_t>(key)]) return &own->kernel;
  if (is_alias(key)) return nullptr;
  const Registered* const serving = fallbacks_[KeySet(key).table_index()];
  return serving ? &serving->kernel : nullptr;
}

std::string Dispatcher::with_lock(const OperatorEntry& entry,
                                  std::string (*text)(const OperatorEntry&)) const {
  const std::lock_guard lock(life_->mutex);
  return text(entry);
}

}  // namespace engine
