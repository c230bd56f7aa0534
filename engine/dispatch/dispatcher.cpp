#include "engine/dispatch/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/dispatch/schema_parser.h"
#include "engine/dispatch/signature_check.h"

namespace engine {

struct DispatcherLife {
  std::mutex mutex;  // of every change to the dispatcher
  Dispatcher* dispatcher;
};

namespace {

[[noreturn]] void refuse(const std::string& message) { throw Error(message, ErrorKind::registration); }

void check_name(std::string_view name) {
  const size_t colons = name.find("::");
  if (colons == 0 || colons == std::string_view::npos || colons + 2 >= name.size())
    refuse(fmt::format("'{}' is not an operator name; expected namespace::name or namespace::name.overload",
                       name));
}

template <class Pointer>
Pointer take_out(std::vector<Pointer>& owners, const void* object) {
  const auto found =
      std::find_if(owners.begin(), owners.end(), [&](const auto& owner) { return owner.get() == object; });
  CHECK(found != owners.end(), "the removed object is not registered");
  Pointer taken = std::move(*found);
  owners.erase(found);
  return taken;
}

void check_schema(const Declaration& declared, const Registered& registered) {
  const CppSignature* const signature = registered.kernel.signature;
  const std::string fault = signature ? signature_fault(declared.schema, *signature) : "";
  if (!fault.empty())
    refuse(fmt::format("the kernel for {} at {} is {}, which does not fit {} defined at {}: {}",
                       name_of(registered.key), registered.where, to_string(*signature),
                       to_string(declared.schema), declared.where, fault));
}

void check_same_signature(const OperatorEntry& entry, const Registered& older, const Registered& newer) {
  const CppSignature *const first = older.kernel.signature, *const second = newer.kernel.signature;
  if (first && second && !same_signature(*first, *second))
    refuse(
        fmt::format("the kernels of {} have different C++ signatures: {} for {} at {}, and {} for {} at {}",
                    entry.name(), to_string(*first), name_of(older.key), older.where, to_string(*second),
                    name_of(newer.key), newer.where));
}

}  // namespace

void Registration::reset() {
  const std::shared_ptr<DispatcherLife> life = std::move(life_);
  if (!life) return;
  const std::lock_guard lock(life->mutex);
  if (life->dispatcher) undo_(*life->dispatcher);
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
  entry.set_observed(!observers_->empty());
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
    refuse(
        fmt::format("{} is defined twice: at {} and at {}", entry.name(), first->where, declaration->where));
  for (const auto& registered : entry.kernels()) check_schema(*declaration, *registered);
  entry.declare(std::move(declaration), fallbacks_);
  return {life_, [&entry](Dispatcher& self) { self.retire(entry.undeclare(self.fallbacks_)); }};
}

Registration Dispatcher::implement(std::string_view name, DispatchKey key, Kernel kernel, std::string where) {
  if (key == DispatchKey::Undefined) key = DispatchKey::CompositeImplicitAutograd;
  if (is_building_block(key))
    refuse(fmt::format(
        "{} for {}: no call reaches this key, which has one key for each backend; register for one of these, "
        "such as {}",
        name, name_of(key), name_of(runtime_key(key, Backend::CPU))));
  const std::lock_guard lock(life_->mutex);
  OperatorEntry& entry = entry_for(name);
  auto registered = std::make_unique<Registered>(Registered{std::move(kernel), key, std::move(where)});
  if (const Declaration* declared = entry.declaration()) check_schema(*declared, *registered);
  for (const auto& older : entry.kernels()) check_same_signature(entry, *older, *registered);
  const Registered* const object = registered.get();
  entry.add(std::move(registered), fallbacks_);
  return {life_, [&entry, object](Dispatcher& self) { self.retire(entry.remove(object, self.fallbacks_)); }};
}

Registrations Dispatcher::fallback(DispatchKey key, const Kernel& kernel, const std::string& where) {
  if (kernel.signature)
    refuse(fmt::format("a fallback for {} must be boxed: it serves every operator", name_of(key)));
  const std::vector<DispatchKey> keys = expansion(key).keys();
  if (keys.empty()) refuse(fmt::format("a fallback for {} serves no key", name_of(key)));
  const std::lock_guard lock(life_->mutex);
  for (DispatchKey each : keys)
    if (const Registered* first = fallbacks_[KeySet(each).table_index()])
      refuse(fmt::format("a second fallback for {}: at {}, and the first at {}", name_of(each), where,
                         first->where));
  Registrations registrations;
  for (DispatchKey each : keys) {
    const size_t slot = KeySet(each).table_index();
    fallback_kernels_.push_back(std::make_unique<Registered>(Registered{kernel, each, where}));
    fallbacks_[slot] = fallback_kernels_.back().get();
    refresh_slot(slot);
    registrations.push_back(Registration(life_, [slot, fallback = fallbacks_[slot]](Dispatcher& self) {
      self.fallbacks_[slot] = nullptr;
      self.refresh_slot(slot);
      self.retire(take_out(self.fallback_kernels_, fallback));
    }));
  }
  return registrations;
}

Registration Dispatcher::observe(const std::shared_ptr<Observer>& observer) {
  const std::lock_guard lock(life_->mutex);
  Observers observers = *observers_;
  observers.push_back(observer);
  publish_observers(std::move(observers));
  return {life_, [object = observer.get()](Dispatcher& self) {
            Observers left = *self.observers_;
            take_out(left, object);
            self.publish_observers(std::move(left));
          }};
}

void Dispatcher::keep(Registrations registrations) {
  const std::lock_guard lock(life_->mutex);
  for (Registration& each : registrations) kept_.push_back(std::move(each));
}

void Dispatcher::publish_observers(Observers observers) {
  observers_ = std::make_shared<const Observers>(std::move(observers));
  for (OperatorEntry& entry : entries_) entry.set_observed(!observers_->empty());
}

std::shared_ptr<const Observers> Dispatcher::observers() const {
  const std::lock_guard lock(life_->mutex);
  return observers_;
}

void Dispatcher::refresh_slot(size_t slot) {
  for (OperatorEntry& entry : entries_) {
    entry.refresh(slot, fallbacks_);
    entry.refresh_masks();
  }
}

std::optional<Operator> Dispatcher::find(std::string_view name) const {
  const OperatorEntry* const entry = index_.find(name);
  if (!entry || !entry->is_listed()) return std::nullopt;
  return Operator(entry);
}

Operator Dispatcher::op(std::string_view name) const {
  const std::optional<Operator> found = find(name);
  if (!found) throw Error(fmt::format("there is no operator {}", name));
  (void)found->schema();  // throws if it is not defined
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
