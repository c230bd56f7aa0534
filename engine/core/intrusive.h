// Reference counting inside the object: Intrusive<T> is one pointer, and can be made from a plain pointer to
// T.
// Promises: the last owner destroys the object; counting is atomic once the process has a second thread, so
// that threads may share objects. Until then counting is plain arithmetic, which is several times as fast.
#pragma once

#include <sys/single_threaded.h>

#include <atomic>
#include <cstdint>
#include <utility>

namespace engine {

class RefCounted {
 public:
  RefCounted() = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  virtual ~RefCounted() = default;

  uint32_t use_count() const { return owners_.load(std::memory_order_relaxed); }

 private:
  template <class T>
  friend class Intrusive;
  mutable std::atomic<uint32_t> owners_{0};
};

template <class T>
class Intrusive {
 public:
  Intrusive() = default;
  Intrusive(std::nullptr_t) {}                                  // NOLINT: implicit
  explicit Intrusive(T* object) : object_(object) { share(); }  // one more owner
  Intrusive(const Intrusive& other) : object_(other.object_) { share(); }
  Intrusive(Intrusive&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class Derived>
    requires std::is_convertible_v<Derived*, T*>
  Intrusive(Intrusive<Derived> other) : object_(other.release()) {}  // NOLINT: derived to base
  [[gnu::always_inline]] ~Intrusive() { drop(object_); }

  Intrusive& operator=(const Intrusive& other) {  // NOLINT: copied, then swapped
    Intrusive(other).swap(*this);
    return *this;
  }
  Intrusive& operator=(Intrusive&& other) noexcept {
    T* const taken = std::exchange(other.object_, nullptr);  // first: `other` may be this handle
    drop(std::exchange(object_, taken));
    return *this;
  }

  T* get() const { return object_; }
  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(const Intrusive&) const = default;
  void swap(Intrusive& other) noexcept { std::swap(object_, other.object_); }
  T* release() { return std::exchange(object_, nullptr); }  // the caller now owns one count

 private:
  // The case of one thread needs no jump.
  [[gnu::always_inline]] void share() const {
    if (!object_) return;
    std::atomic<uint32_t>& owners = object_->RefCounted::owners_;
    if (!__libc_single_threaded) [[unlikely]]
      owners.fetch_add(1, std::memory_order_relaxed);
    else
      owners.store(owners.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  [[gnu::always_inline]] static void drop(T* object) {
    if (object && is_last(object->RefCounted::owners_)) [[unlikely]]
      destroy(object);
  }
  [[gnu::always_inline]] static bool is_last(std::atomic<uint32_t>& owners) {
    if (!__libc_single_threaded) [[unlikely]]
      return owners.fetch_sub(1, std::memory_order_acq_rel) == 1;
    const uint32_t left = owners.load(std::memory_order_relaxed) - 1;
    owners.store(left, std::memory_order_relaxed);
    return left == 0;
  }
  [[gnu::noinline]] static void destroy(T* object) { delete object; }

  T* object_ = nullptr;
};

template <class T, class... Args>
Intrusive<T> make_intrusive(Args&&... args) {
  return Intrusive<T>(new T(std::forward<Args>(args)...));
}

}  // namespace engine
