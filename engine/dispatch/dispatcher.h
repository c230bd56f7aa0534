// Dispatcher: operators by name, their kernels by dispatch key, and the fallbacks that serve every operator
// at a key. It is an object: two dispatchers in one process share nothing but the threads' keys. Promises:
// definitions and kernels may come in any order and go in any order; a table is always what resolution.h says
// of what is registered; registration is safe on any thread while others call. What is taken out is kept
// until reclaim() or the dispatcher's end, because a call may still be inside it: so a call pays nothing for
// that safety. Refuses contradictory registrations with Error(registration), and changes nothing then.
#pragma once

#include <deque>
#include <map>
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

class Dispatcher {
 public:
  Dispatcher();
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  // `where` is for messages: the file or library that registers.
  [[nodiscard]] Registration define(Schema schema, std::string where = {},
                                    const Accuracy& accuracy = accuracy::undeclared);
  [[nodiscard]] Registration define(std::string_view schema, std::string where = {},
                                    const Accuracy& accuracy = accuracy::undeclared);
  // The schema is that of the kernel's C++ types, which then is not registered itself.
  [[nodiscard]] Registration define_inferred(std::string_view name, const Kernel& kernel,
                                             std::string where = {});
  // Undefined stands for CompositeImplicitAutograd.
  [[nodiscard]] Registration implement(std::string_view name, DispatchKey key, Kernel kernel,
                                       std::string where = {});
  // For every operator, there or to come. An alias is expanded: one slot that is taken refuses it whole.
  [[nodiscard]] Registrations fallback(DispatchKey key, const Kernel& kernel, const std::string& where = {});
  // One at a time for each namespace.
  [[nodiscard]] Registration own_namespace(std::string_view name_space, std::string where = {});
  [[nodiscard]] Registration observe(const std::shared_ptr<Observer>& observer);

  // What is to stay as long as this dispatcher.
  void keep(Registrations registrations);

  // The operator, if there is a definition or a kernel of it. "aten::add.Tensor".
  std::optional<Operator> find(std::string_view name) const;
  Operator op(std::string_view name) const;  // Error when there is no definition
  std::vector<Operator> operators() const;   // by name
  bool has_fallback(DispatchKey runtime_key) const;

  // Frees what was taken out. Only while no call runs and no thread registers: between two cases, say.
  void reclaim();

  // Empty when every table is what full recomputation gives.
  std::vector<std::string> table_faults() const;
  // As registered: operators without a definition.
  std::vector<std::string> without_definition() const;

  // For Operator and for dumps.
  const Kernel* own_kernel(const OperatorEntry& entry, DispatchKey key) const;
  std::shared_ptr<const Observers> observers() const;
  std::string with_lock(const OperatorEntry& entry, std::string (*text)(const OperatorEntry&)) const;

 private:
  friend class Registration;

  OperatorEntry& entry_for(std::string_view name);
  void undo(Registers what, const void* owner, const void* object);
  void undo_fallback(const Registered* fallback);
  void undo_observer(const void* observer);
  void check_kernel(const OperatorEntry& entry, const Kernel& kernel, DispatchKey key,
                    const std::string& where) const;
  void publish_observers(Observers observers);
  void retire(std::shared_ptr<void> object) { retired_.push_back(std::move(object)); }
  void tell_gone_if(const OperatorEntry& entry);
  void tell_new(const OperatorEntry& entry, bool was_listed);

  std::shared_ptr<DispatcherLife> life_;
  std::deque<OperatorEntry> entries_;
  NameIndex index_;
  FallbackKernels fallbacks_{};
  std::vector<std::unique_ptr<Registered>> fallback_kernels_;
  struct NameSpace {
    std::string name, where;
  };
  std::vector<std::unique_ptr<NameSpace>> name_spaces_;
  std::shared_ptr<const Observers> observers_;
  std::vector<std::shared_ptr<void>> retired_;
  Registrations kept_;
};

}  // namespace engine
