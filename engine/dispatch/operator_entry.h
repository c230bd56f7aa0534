// OperatorEntry: one operator of a dispatcher: its schema, its kernels and its table. Calls read the first
// half without a lock. The second half is read and written under the dispatcher's lock only.
// Promises: an entry lives as long as its dispatcher, so a handle never dangles. A call that runs while the
// table changes sees the old or the new value of each slot and of each mask. It may see a new slot with an
// old mask; therefore a call that reaches a fallthrough continues at the next key.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/accuracy.h"
#include "engine/dispatch/resolution.h"
#include "engine/dispatch/thread_keys.h"

namespace engine {

// A schema, and what calls need from it.
struct Declaration {
  explicit Declaration(Schema declared);
  Schema schema;
  std::string where;
  Accuracy accuracy = accuracy::undeclared;
  size_t argument_count = 0;
  uint64_t key_positions = 0;  // a bit for each argument that can hold tensors or generators
};

enum EntryFlag : uint8_t {
  mask_per_backend = 1,  // fallthroughs differ among backends
  observe_calls = 2      // the dispatcher has observers
};

class OperatorEntry {
 public:
  OperatorEntry(Dispatcher& dispatcher, std::string name);
  OperatorEntry(const OperatorEntry&) = delete;
  OperatorEntry& operator=(const OperatorEntry&) = delete;

  // --- read by calls
  Dispatcher& dispatcher() const { return dispatcher_; }
  const std::string& name() const { return name_; }  // qualified, with overload: "aten::add.Tensor"
  const Declaration* declaration() const { return declaration_.load(std::memory_order_acquire); }
  const Schema& schema() const;  // throws Error if the operator is not defined

  uint8_t flags() const { return flags_.load(std::memory_order_relaxed); }
  // The keys that decide a call: the arguments' keys with the thread's changes, without fallthroughs.
  KeySet effective(KeySet arguments, uint8_t flags) const {
    const KeySet keys = with_thread_keys(arguments);
    const std::atomic<uint64_t>& mask =
        flags & mask_per_backend ? masks_[static_cast<size_t>(keys.highest_backend())] : mask_;
    return KeySet::from_raw(keys.raw() & mask.load(std::memory_order_relaxed));
  }
  const Kernel& kernel_at(KeySet keys) const {
    return *table_[keys.table_index()].load(std::memory_order_acquire);
  }
  // The same past fallthroughs, which a call reaches only with an old mask or by a redispatch. Changes
  // `keys`.
  const Kernel& settled_kernel_at(KeySet& keys) const {
    const Kernel& kernel = kernel_at(keys);
    if (kernel.kind != KernelKind::fallthrough) [[likely]]
      return kernel;
    const Settled below = below_fallthroughs(keys);
    keys = below.keys;
    return *below.kernel;
  }
  // True if the operator is defined or has kernels.
  bool is_listed() const { return listed_.load(std::memory_order_acquire); }
  Reason reason_at(size_t slot) const { return reasons_[slot].load(std::memory_order_relaxed); }

  // --- under the dispatcher's lock
  const NewestKernels& newest() const { return newest_; }
  const std::vector<std::unique_ptr<Registered>>& kernels() const { return kernels_; }
  const Resolution& resolution_at(size_t slot) const { return resolutions_[slot]; }

  void declare(std::unique_ptr<Declaration> declaration, const FallbackKernels& fallbacks);
  std::unique_ptr<Declaration> undeclare(const FallbackKernels& fallbacks);
  void add(std::unique_ptr<Registered> kernel, const FallbackKernels& fallbacks);
  std::unique_ptr<Registered> remove(const Registered* kernel, const FallbackKernels& fallbacks);
  void refresh(size_t slot, const FallbackKernels& fallbacks);
  void refresh_all(const FallbackKernels& fallbacks);
  void refresh_masks();  // after refresh(): fallthroughs may have changed
  void set_observed(bool observed);

  // Recomputes the table. One line for each slot that differs from it.
  std::vector<std::string> table_faults(const FallbackKernels& fallbacks) const;

 private:
  // By value: the keys of a call stay in a register.
  struct Settled {
    KeySet keys;
    const Kernel* kernel;
  };
  Settled below_fallthroughs(KeySet keys) const;
  Resolution resolved(size_t slot, const FallbackKernels& fallbacks) const;
  void put(size_t slot, const Resolution& resolution);
  void list() { listed_.store(declared_ || !kernels_.empty(), std::memory_order_release); }

  std::atomic<uint64_t> mask_{0};
  std::atomic<uint8_t> flags_{0};
  std::atomic<const Declaration*> declaration_{nullptr};
  std::array<std::atomic<const Kernel*>, table_size> table_{};
  std::array<std::atomic<uint64_t>, backend_count + 1> masks_{};
  std::array<std::atomic<Reason>, table_size> reasons_{};
  std::atomic<bool> listed_{false};

  Dispatcher& dispatcher_;
  std::string name_;
  std::unique_ptr<Declaration> declared_;
  std::vector<std::unique_ptr<Registered>> kernels_;  // oldest first
  NewestKernels newest_{};
  std::array<Resolution, table_size> resolutions_{};
  bool masks_stale_ = true;
};

}  // namespace engine
