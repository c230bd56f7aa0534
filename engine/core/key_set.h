// KeySet: a set of dispatch keys in one 64-bit word, backends in the low 16 bits, functionalities above them.
// The halves are independent: {CPU, AutogradCUDA} also contains CUDA and AutogradCPU.
// Promises: removing keys never clears backend bits, and remove_backend clears nothing else; an alias is
// never a member, and adding one changes nothing; a per-backend functionality without a backend bit is not a
// key, so the name and the slot of such a set are those of Undefined.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "engine/core/dispatch_key.h"

namespace engine {

class KeySet {
 public:
  constexpr KeySet() = default;
  constexpr KeySet(DispatchKey key) : bits_(bits_of(key)) {}  // NOLINT: implicit
  constexpr explicit KeySet(Backend backend) : bits_(bit_of(backend)) {}
  constexpr KeySet(std::initializer_list<DispatchKey> keys) {
    for (DispatchKey key : keys) bits_ |= bits_of(key);
  }
  static constexpr KeySet from_raw(uint64_t bits) {
    KeySet set;
    set.bits_ = bits;
    return set;
  }
  static constexpr KeySet full() {
    return from_raw((uint64_t{1} << (backend_count + functionality_count)) - 1);
  }
  // Everything strictly below the functionality of `key`, and PythonDispatcher, so that a redispatch keeps
  // it.
  static constexpr KeySet full_after(DispatchKey key);
  static constexpr KeySet backends() { return from_raw((uint64_t{1} << backend_count) - 1); }
  static constexpr KeySet functionalities() { return from_raw(full().bits_ & ~backends().bits_); }

  constexpr uint64_t raw() const { return bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  bool operator==(const KeySet&) const = default;

  constexpr KeySet operator|(KeySet other) const { return from_raw(bits_ | other.bits_); }
  constexpr KeySet operator&(KeySet other) const { return from_raw(bits_ & other.bits_); }
  constexpr KeySet operator^(KeySet other) const { return from_raw(bits_ ^ other.bits_); }
  constexpr KeySet operator-(KeySet other) const {
    return from_raw(bits_ & ~(other.bits_ & functionalities().bits_));
  }
  constexpr KeySet& operator|=(KeySet other) { return *this = *this | other; }
  constexpr KeySet& operator&=(KeySet other) { return *this = *this & other; }

  constexpr KeySet add(DispatchKey key) const { return *this | KeySet(key); }
  constexpr KeySet remove(DispatchKey key) const { return *this - KeySet(key); }
  constexpr KeySet remove_backend(Backend backend) const { return from_raw(bits_ & ~bit_of(backend)); }

  constexpr bool has(DispatchKey key) const {
    const uint64_t wanted = bits_of(key);
    return wanted != 0 && (bits_ & wanted) == wanted;
  }
  constexpr bool has(Backend backend) const { return (bits_ & bit_of(backend)) != 0; }
  constexpr bool has_all(KeySet other) const { return (bits_ & other.bits_) == other.bits_; }

  constexpr DispatchKey highest_functionality() const {
    const int width = std::bit_width(bits_);
    return width > backend_count ? static_cast<DispatchKey>(width - backend_count) : DispatchKey::Undefined;
  }
  constexpr Backend highest_backend() const {
    return static_cast<Backend>(std::bit_width(bits_ & backends().bits_));
  }
  // The key that a call with this set reaches.
  constexpr DispatchKey highest_key() const {
    return runtime_key(highest_functionality(), highest_backend());
  }
  // The slot of highest_key() in an operator's table.
  constexpr size_t table_index() const;

  // The members, sorted by functionality and then by backend, lowest first.
  std::vector<DispatchKey> keys() const;

 private:
  static constexpr uint64_t bit_of(Backend backend) {
    return backend == Backend::none ? 0 : uint64_t{1} << (static_cast<int>(backend) - 1);
  }
  static constexpr uint64_t bits_of(DispatchKey key) {
    const DispatchKey functionality = functionality_of(key);
    if (functionality == DispatchKey::Undefined) return 0;
    return uint64_t{1} << (backend_count + static_cast<int>(functionality) - 1) | bit_of(backend_of(key));
  }

  uint64_t bits_ = 0;
};

// One slot for Undefined and for each functionality, sixteen for a per-backend functionality.
inline constexpr size_t table_size =
    size_t{1 + functionality_count} + per_backend_functionalities.size() * (backend_count - 1);

namespace key_set {

// The slot of a functionality is `first`, plus the highest of the `backends` bits if it is per backend. The
// table is indexed by the bit width of a set, so that finding a slot needs no branch on the functionality.
struct Slots {
  uint32_t first = 0;
  uint32_t backends = 0;
};

constexpr std::array<Slots, 65> slots_by_width() {
  std::array<Slots, 65> slots{};
  uint32_t next = 1;
  for (size_t f = 1; f <= functionality_count; ++f) {
    const bool each = per_backend_index(static_cast<DispatchKey>(f)) >= 0;
    slots[backend_count + f] =
        each ? Slots{next - 1, static_cast<uint32_t>(KeySet::backends().raw())} : Slots{next, 0};
    next += each ? backend_count : 1;
  }
  return slots;
}
inline constexpr std::array<Slots, 65> slots = slots_by_width();

}  // namespace key_set

constexpr size_t KeySet::table_index() const {
  const key_set::Slots at = key_set::slots[static_cast<size_t>(std::bit_width(bits_))];
  const uint32_t present = static_cast<uint32_t>(bits_) & at.backends;
  if (at.backends != 0 && present == 0) return 0;
  return at.first + static_cast<uint32_t>(std::bit_width(present));
}

constexpr KeySet KeySet::full_after(DispatchKey key) {
  const DispatchKey functionality = functionality_of(key);
  if (functionality == DispatchKey::Undefined) return full();
  const uint64_t below = (uint64_t{1} << (backend_count + static_cast<int>(functionality) - 1)) - 1;
  return from_raw(below | bits_of(DispatchKey::PythonDispatcher));
}

// "DispatchKeySet(CPU, AutogradCPU)", lowest first; a backend bit without a functionality is "CPUBit".
std::string to_string(KeySet set);

// The key of each slot: Undefined and every runtime key.
const std::array<DispatchKey, table_size>& table_keys();

}  // namespace engine
