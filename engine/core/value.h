// Value: one argument or result on a stack: a tag and eight bytes. A Value contains a Tensor directly; other
// kinds that do not fit into eight bytes are in a shared block.
// A symbolic integer or boolean that is read as a number is that number from then on (sym_int.h).
// Promises: copies of a list share its block, and mutable_...() copies a shared block first, so that a list
// of the caller never changes. Refuses, with Error(type), to read a value as a kind that it does not have.
// Layouts and memory formats are integers; a Scalar becomes its number.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/device.h"
#include "engine/core/dtype.h"
#include "engine/core/generator.h"
#include "engine/core/int_span.h"
#include "engine/core/intrusive.h"
#include "engine/core/layout.h"
#include "engine/core/scalar.h"
#include "engine/core/sym_int.h"
#include "engine/core/tensor.h"

namespace engine {

enum class ValueTag : uint8_t {
  none,
  boolean,
  integer,
  real,
  device,
  dtype,
  tensor,  // this and the following payloads own an object
  generator,
  storage,
  complex,
  string,
  integers,
  reals,
  booleans,
  tensors,
  optional_tensors,
  values,  // any other list: str[], Scalar[], lists of lists, SymInt[] with symbols
  symbol,  // SymInt, SymBool
};
std::string_view name_of(ValueTag tag);

class Value;

using TensorSpan = std::span<const Tensor>;                         // Tensor[]
using OptionalTensorSpan = std::span<const std::optional<Tensor>>;  // Tensor?[]
using RealSpan = std::span<const double>;                           // float[]
using BoolSpan = std::span<const uint8_t>;                          // bool[]: 0 or 1 each
using ValueSpan = std::span<const Value>;

template <class T>
struct SharedBlock : RefCounted {
  explicit SharedBlock(T content) : value(std::move(content)) {}
  T value;
};

class Value {
  using Block = Intrusive<RefCounted>;  // the payload of every kind that owns an object, except a tensor

 public:
  Value() = default;
  Value(Tensor tensor) : Value(ValueTag::tensor, std::move(tensor)) {}                    // NOLINT
  Value(Generator generator) : Value(ValueTag::generator, Block(std::move(generator))) {  // NOLINT
    if (!payload<Block>()) tag_ = ValueTag::none;
  }
  Value(Storage storage) : Value(ValueTag::storage, Block(std::move(storage))) {  // NOLINT
    if (!payload<Block>()) tag_ = ValueTag::none;
  }
  Value(int64_t integer) : Value(ValueTag::integer, integer) {}  // NOLINT
  Value(int integer) : Value(int64_t{integer}) {}                // NOLINT
  Value(double real) : Value(ValueTag::real, real) {}            // NOLINT
  Value(bool boolean) : Value(ValueTag::boolean, boolean) {}     // NOLINT
  Value(Device device) : Value(ValueTag::device, device) {}      // NOLINT
  Value(DType dtype) : Value(ValueTag::dtype, dtype) {}          // NOLINT
  // A list of SymInts that are all numbers is int[].
  Value(const SymInt& number);                                                              // NOLINT
  Value(const SymDims& list);                                                               // NOLINT
  Value(Layout layout) : Value(static_cast<int64_t>(layout)) {}                             // NOLINT
  Value(MemoryFormat format) : Value(static_cast<int64_t>(format)) {}                       // NOLINT
  Value(const Scalar& scalar);                                                              // NOLINT
  Value(std::complex<double> number) : Value(ValueTag::complex, shared(number)) {}          // NOLINT
  Value(std::string text) : Value(ValueTag::string, shared(std::move(text))) {}             // NOLINT
  Value(std::string_view text) : Value(std::string(text)) {}                                // NOLINT
  Value(const char* text) : Value(std::string(text)) {}                                     // NOLINT
  Value(Dims list) : Value(ValueTag::integers, shared(std::move(list))) {}                  // NOLINT
  Value(const std::vector<int64_t>& list) : Value(IntSpan(list)) {}                         // NOLINT
  Value(std::vector<double> list) : Value(ValueTag::reals, shared(std::move(list))) {}      // NOLINT
  Value(std::vector<uint8_t> list) : Value(ValueTag::booleans, shared(std::move(list))) {}  // NOLINT
  Value(std::vector<Tensor> list) : Value(ValueTag::tensors, shared(std::move(list))) {}    // NOLINT
  Value(std::vector<std::optional<Tensor>> list)                                            // NOLINT
      : Value(ValueTag::optional_tensors, shared(std::move(list))) {}
  Value(std::vector<Value> list);              // NOLINT
  Value(IntSpan list) : Value(list.copy()) {}  // NOLINT
  template <class T>
  Value(const std::optional<T>& held) : Value(held ? Value(*held) : Value()) {}  // NOLINT
  Value(std::nullopt_t) {}                                                       // NOLINT

  Value(const Value& other) : payload_(other.payload_), tag_(other.tag_) {
    if (is_tensor())
      share_as<Tensor>(payload_);
    else if (owns())
      share_block(payload_);
  }
  Value(Value&& other) noexcept : payload_(other.payload_), tag_(std::exchange(other.tag_, ValueTag::none)) {}
  Value& operator=(const Value& other) {
    Value(other).swap(*this);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value(std::move(other)).swap(*this);
    return *this;
  }
  [[gnu::always_inline]] ~Value() {
    if (is_tensor())
      payload<Tensor>().~Tensor();
    else if (owns())
      drop_block(payload_);
  }
  void swap(Value& other) noexcept {
    std::swap(tag_, other.tag_);
    std::swap(payload_, other.payload_);
  }

  ValueTag tag() const { return tag_; }
  bool is(ValueTag tag) const { return tag_ == tag; }
  bool is_none() const { return tag_ == ValueTag::none; }
  bool is_tensor() const { return tag_ == ValueTag::tensor; }
  bool is_number() const;

  const Tensor& tensor() const { return held<Tensor>(ValueTag::tensor); }
  Tensor& tensor() { return held<Tensor>(ValueTag::tensor); }
  int64_t integer() const {
    if (tag_ != ValueTag::integer) [[unlikely]]
      return specialized(ValueTag::integer);
    return payload<int64_t>();
  }
  double real() const;  // also of an integer
  bool boolean() const {
    if (tag_ != ValueTag::boolean) [[unlikely]]
      return specialized(ValueTag::boolean) != 0;
    return payload<bool>();
  }
  // Of SymInt and SymInt[]: numbers or symbols.
  bool has_symbols() const;
  SymInt sym_int() const;
  SymDims sym_ints() const;
  Scalar scalar() const;
  std::complex<double> complex() const;  // also of an integer or a real
  Device device() const { return held<Device>(ValueTag::device); }
  DType dtype() const { return held<DType>(ValueTag::dtype); }
  Layout layout() const { return static_cast<Layout>(integer()); }
  MemoryFormat memory_format() const { return static_cast<MemoryFormat>(integer()); }
  Generator generator() const {
    return Generator(static_cast<GeneratorState*>(held<Block>(ValueTag::generator).get()));
  }
  Storage storage() const {
    return Storage(static_cast<StorageBlock*>(held<Block>(ValueTag::storage).get()));
  }
  const std::string& string() const { return block<std::string>(ValueTag::string); }
  const Dims& integers() const { return block<Dims>(ValueTag::integers); }
  const std::vector<double>& reals() const { return block<std::vector<double>>(ValueTag::reals); }
  const std::vector<uint8_t>& booleans() const { return block<std::vector<uint8_t>>(ValueTag::booleans); }
  const std::vector<Tensor>& tensors() const { return block<std::vector<Tensor>>(ValueTag::tensors); }
  const std::vector<std::optional<Tensor>>& optional_tensors() const {
    return block<std::vector<std::optional<Tensor>>>(ValueTag::optional_tensors);
  }
  const std::vector<Value>& values() const { return block<std::vector<Value>>(ValueTag::values); }

  // The list, not shared with other values.
  std::vector<Tensor>& mutable_tensors() { return own_block<std::vector<Tensor>>(ValueTag::tensors); }
  std::vector<std::optional<Tensor>>& mutable_optional_tensors() {
    return own_block<std::vector<std::optional<Tensor>>>(ValueTag::optional_tensors);
  }
  std::vector<Value>& mutable_values() { return own_block<std::vector<Value>>(ValueTag::values); }

  // The keys that the tensors and generators in this value add to a call. None has no keys.
  KeySet keys() const { return is_tensor() ? payload<Tensor>().keys() : other_keys(); }

 private:
  // Functions that are not inline get a copy of this and not the address of the value, so that a value that
  // is only passed on can be in registers.
  struct Payload {
    alignas(8) std::byte bytes[8] = {};
    template <class T>
    T& as() {
      return *reinterpret_cast<T*>(bytes);  // std::launder would keep it out of registers
    }
  };

  template <class T>
  Value(ValueTag tag, T content) : tag_(tag) {
    static_assert(sizeof(T) <= sizeof payload_);
    new (payload_.bytes) T(std::move(content));
  }
  template <class T>
  static Block shared(T content) {
    return make_intrusive<SharedBlock<T>>(std::move(content));
  }

  bool owns() const { return tag_ >= ValueTag::tensor; }
  template <class T>
  T& payload() const {
    return const_cast<Payload&>(payload_).as<T>();
  }
  template <class T>
  T& held(ValueTag wanted) const {
    if (tag_ != wanted) [[unlikely]]
      refuse(tag_, wanted);
    return payload<T>();
  }
  template <class T>
  T& block(ValueTag wanted) const {
    return static_cast<SharedBlock<T>&>(*held<Block>(wanted)).value;
  }
  template <class T>
  T& own_block(ValueTag wanted) {
    Block& block_pointer = held<Block>(wanted);
    if (block_pointer->use_count() > 1) block_pointer = shared(block<T>(wanted));
    return block<T>(wanted);
  }
  // Counts a new owner, whose bytes were copied from another owner.
  template <class T>
  [[gnu::always_inline]] static void share_as(Payload& copied) {
    alignas(T) std::byte counted[sizeof(T)];
    new (counted) T(copied.as<T>());
  }
  KeySet other_keys() const;
  int64_t specialized(ValueTag wanted) const;
  static void share_block(Payload payload);
  static void drop_block(Payload payload);
  [[noreturn]] static void refuse(ValueTag found, ValueTag expected);

  Payload payload_;
  ValueTag tag_ = ValueTag::none;
};
static_assert(sizeof(Value) == 16);

// For messages: "Tensor f32[2, 3] cpu", "3", "None".
std::string to_string(const Value& value);

}  // namespace engine
