// Dispatcher: operators by name, their kernels by dispatch key, and the fallbacks that serve every operator
// at a key. It is an object: two dispatchers in one process share nothing but the threads' keys.
// Promises: definitions and kernels may be registered and removed in any order; a table is always what
// resolution.h computes from the registrations; registering is safe on any thread while others call. What is
// removed is kept until reclaim() or the end of the dispatcher, because a call may still be inside it; so
// calls pay nothing for this safety. Refuses contradictory registrations with Error(registration) and then
// changes nothing.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dispatch/name_index.h"
#include "engine/dispatch/operator.h"
#include "engine/dispatch/registration.h"

namespace engine {

inline constexpr const char* unknown_place = "(unknown)";

class Dispatcher {
 public:
  Dispatcher();
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // `where` names the file or library that registers, for messages.
  [[nodiscard]] Registration define(Schema schema, std::string where = unknown_place,
                                    const Accuracy& accuracy = accuracy::undeclared);
  [[nodiscard]] Registration define(std::string_view schema, std::string where = unknown_place,
                                    const Accuracy& accuracy = accuracy::undeclared);
  // Undefined means CompositeImplicitAutograd.
  [[nodiscard]] Registration implement(std::string_view name, DispatchKey key, Kernel kernel,
                                       std::string where = unknown_place);
  // For every operator, also those defined later. An alias is expanded; if one of its keys has a fallback,
  // the whole registration is refused.
  [[nodiscard]] Registrations fallback(DispatchKey key, const Kernel& kernel,
                                       const std::string& where = unknown_place);
  [[nodiscard]] Registration observe(const std::shared_ptr<Observer>& observer);

  // Keeps the registrations as long as this dispatcher.
  void keep(Registrations registrations);

  // The operator of a name such as "aten::add.Tensor", if it is defined or has a kernel.
  std::optional<Operator> find(std::string_view name) const;
  Operator op(std::string_view name) const;  // throws Error if it is not defined
  std::vector<Operator> operators() const;   // sorted by name
  bool has_fallback(DispatchKey runtime_key) const;

  // Frees what was removed. The caller makes sure that no call runs and no thread registers.
  void reclaim();

  // Recomputes every table. One line for each slot that differs.
  std::vector<std::string> table_faults() const;

  // The kernel registered for this key itself, or its fallback; not that of an alias. Null if there is none.
  const Kernel* own_kernel(const OperatorEntry& entry, DispatchKey key) const;
  std::shared_ptr<const Observers> observers() const;
  std::string with_lock(const OperatorEntry& entry, std::string (*text)(const OperatorEntry&)) const;

 private:
  friend class Registration;

  OperatorEntry& entry_for(std::string_view name);
  void refresh_slot(size_t slot);
  void publish_observers(Observers observers);
  void retire(std::shared_ptr<void> object) { retired_.push_back(std::move(object)); }

  std::shared_ptr<DispatcherLife> life_;
  std::deque<OperatorEntry> entries_;
  NameIndex index_;
  FallbackKernels fallbacks_{};
  std::vector<std::unique_ptr<Registered>> fallback_kernels_;
  std::shared_ptr<const Observers> observers_;
  std::vector<std::shared_ptr<void>> retired_;
  Registrations kept_;
};

}  // namespace engine
