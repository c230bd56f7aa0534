// Geometry: sizes and strides of one tensor, without allocation up to five dimensions. A SmallVector takes
// half as much time again to make and to move.
// Promises: a moved-from geometry has rank 0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "engine/core/int_span.h"

namespace engine {

class Geometry {
 public:
  Geometry() = default;
  Geometry(IntSpan sizes, IntSpan strides) { set(sizes, strides); }
  Geometry(const Geometry& other) { set(other.sizes(), other.strides()); }
  Geometry(Geometry&& other) noexcept
      : rank_(std::exchange(other.rank_, 0)), inline_(other.inline_), heap_(std::move(other.heap_)) {}
  Geometry& operator=(const Geometry& other) {
    if (this != &other) set(other.sizes(), other.strides());
    return *this;
  }
  Geometry& operator=(Geometry&& other) noexcept {
    rank_ = std::exchange(other.rank_, 0);
    inline_ = other.inline_;
    heap_ = std::move(other.heap_);
    return *this;
  }

  size_t rank() const { return rank_; }
  IntSpan sizes() const { return {values(), rank_}; }
  IntSpan strides() const { return {values() + rank_, rank_}; }

  // The spans may be parts of this geometry.
  void set(IntSpan sizes, IntSpan strides);

 private:
  static constexpr size_t inline_rank = 5;
  const int64_t* values() const { return heap_ ? heap_.get() : inline_.data(); }

  size_t rank_ = 0;
  std::array<int64_t, 2 * inline_rank> inline_{};
  std::unique_ptr<int64_t[]> heap_;
};

}  // namespace engine
