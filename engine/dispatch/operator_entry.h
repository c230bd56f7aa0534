// OperatorEntry: what a dispatcher knows of one operator: its schema, its kernels and its table.
// The first half is read by every call without a lock; the second changes under the dispatcher's lock only.
// Promises: an entry lives as long as its dispatcher, so that a handle never dangles; a call that runs while
// the table changes sees each slot and each mask either as it was or as it will be. A slot whose mask is out
// of step with it is caught: a fallthrough that is met goes on to the next key.
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

// A schema, and what calls need of it.
struct Declaration {
  explicit Declaration(Schema declared);
  Schema schema;
  std::string where;
  Accuracy accuracy = accuracy::undeclared;
  size_t argument_count = 0;
  uint64_t key_positions = 0;  // a bit for each argument that can hold tensors or generators
};

enum EntryFlag : uint8_t {
  mask_per_backend = 1,   // fallthroughs differ among backends
  observe_calls = 2,      // somebody observes
  observe_redispatch = 4  // and wants to see redispatches, too
};

class OperatorEntry {
 public:
  OperatorEntry(Dispatcher& dispatcher, std::string name);
  OperatorEntry(const OperatorEntry&) = delete;
  OperatorEntry& operator=(const OperatorEntry&) = delete;

  // --- what calls read
  // ---------------------------------------------------------------------------------------
  Dispatcher& dispatcher() const { return dispatcher_; }
  const std::string& name() const { return name_; }  // qualified, with overload: "aten::add.Tensor"
  const Declaration* declaration() const { return declaration_.load(std::memory_order_acquire); }
  const Schema& schema() const;  // Error when there is none

  uint8_t flags() const { return flags_.load(std::memory_order_relaxed); }
  // The keys that decide: those of the arguments, as the thread sees them, without fallthroughs.
  KeySet effective(KeySet arguments, uint8_t flags) const {
    const KeySet keys = with_thread_keys(arguments);
    const std::atomic<uint64_t>& mask =
        flags & mask_per_backend ? masks_[static_cast<size_t>(keys.highest_backend())] : mask_;
    return KeySet::from_raw(keys.raw() & mask.load(std::memory_order_relaxed));
  }
  const Kernel& kernel_at(KeySet keys) const {
    return *table_[keys.table_index()].load(std::memory_order_acquire);
  }
  // Past fallthroughs, which only an out-of-step mask or a redispatch to one can meet. Changes `keys`.
  const Kernel& settled_kernel_at(KeySet& keys) const {
    const Kernel& kernel = kernel_at(keys);
    if (kernel.kind != KernelKind::fallthrough) [[likely]]
      return kernel;
    const Settled below = below_fallthroughs(keys);
    keys = below.keys;
    return *below.kernel;
  }
  // Defined, or with a kernel that waits for its definition.
  bool is_listed() const { return listed_.load(std::memory_order_acquire); }
  Reason reason_at(size_t slot) const { return reasons_[slot].load(std::memory_order_relaxed); }

  // --- what changes under the dispatcher's lock
  // --------------------------------------------------------------
  const NewestKernels& newest() const { return newest_; }
  const std::vector<std::unique_ptr<Registered>>& kernels() const { return kernels_; }
  const Resolution& resolution_at(size_t slot) const { return resolutions_[slot]; }

  void declare(std::unique_ptr<Declaration> declaration, const FallbackKernels& fallbacks);
  std::unique_ptr<Declaration> undeclare(const FallbackKernels& fallbacks);
  void add(std::unique_ptr<Registered> kernel, const FallbackKernels& fallbacks);
  std::unique_ptr<Registered> remove(const Registered* kernel, const FallbackKernels& fallbacks);
  void refresh(size_t slot, const FallbackKernels& fallbacks);
  void refresh_all(const FallbackKernels& fallbacks);
  void refresh_masks();  // after refresh(), where a fallthrough came or went
  void set_observed(bool calls, bool redispatch);

  // What the table would be if it were made anew: for checking that it is.
  std::vector<std::string> table_faults(const FallbackKernels& fallbacks) const;

 private:
  // By value: the keys of a call stay in a register.
  struct Settled {
    KeySet keys;
    const Kernel* kernel;
  };
  Settled below_fallthroughs(KeySet keys) const;
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
