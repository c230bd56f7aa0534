// Case: one program of operator calls and descriptions of its inputs; it holds no live tensor.
// A storage is memory of one dtype; an input is a strided view of a storage, so that inputs can share memory
// and overlap. The header says where a stored case comes from and what replaying it must show; a drawn case
// has none. Text form: text.h. Well-formed cases: fault_of, below.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/path.h"
#include "corpora/case/program.h"
#include "corpora/case/value.h"
#include "engine/core/dtype.h"
#include "engine/core/shape.h"

namespace corpora {

// What a storage holds. image_of() computes the bytes of all rules but `values` from (rule, rng_seed), the
// same on every machine.
enum class FillRule : uint8_t {
  values,  // `bytes`, element by element, little endian
  zeros,
  ones,
  iota,      // 0 1 2 ... (modulo what the dtype holds exactly)
  integers,  // small integers in [-4, 4] (unsigned: [0, 4]): sums and products of them are exact in any order
  dyadic,    // multiples of 1/8 in [-4, 4]: exact, and not all integers
  normal,    // roughly bell-shaped reals around 0, made with integer arithmetic only
  positive,  // reals in (0, 2]
  unit,      // reals in [0, 1)
  wild       // dyadic, but one in four is an edge of the dtype: inf, nan, -0, largest, smallest, denormal
};
inline constexpr size_t fill_rule_count = 10;
constexpr bool is_random(FillRule rule) { return rule > FillRule::iota; }  // rng_seed decides the bytes

struct Storage {
  engine::DType dtype = engine::DType::f32;
  int64_t elements = 0;
  FillRule rule = FillRule::zeros;
  uint64_t rng_seed = 0;
  std::vector<std::byte> bytes;  // only for FillRule::values: elements * size_of(dtype)

  bool operator==(const Storage&) const = default;
};

struct Input {
  int32_t storage = 0;
  engine::Dims sizes;
  engine::Dims strides;
  int64_t offset = 0;

  bool operator==(const Input&) const = default;
};

// One operator call, with one argument for each of the schema's, in the schema's order.
struct Call {
  std::string op;                  // "aten::add.Tensor"
  std::vector<std::string> names;  // of the arguments; empty, or as many as `arguments`
  std::vector<Value> arguments;

  bool operator==(const Call&) const = default;
};

enum class Expect : uint8_t { nothing, agree, differ };

struct Header {
  std::string subject;
  std::string oracle;
  Path path;
  std::vector<std::string> load;
  std::vector<std::string> tolerances;  // files of accuracies that the verdict depends on
  std::string plant;                    // the planted bug that the subject is built with
  Expect expect = Expect::nothing;
  std::string expect_kind;  // with Expect::differ

  bool operator==(const Header&) const = default;
};

struct Case {
  Header header;
  std::vector<Storage> storages;
  std::vector<Input> inputs;
  std::vector<Call> calls;
  Program program;  // if not empty, `calls` is one call of program_operator without arguments

  bool operator==(const Case&) const = default;
  const Storage& storage_of(const Input& input) const { return storages[static_cast<size_t>(input.storage)]; }
  Storage& storage_of(const Input& input) { return storages[static_cast<size_t>(input.storage)]; }
  const Input& input_of(const TensorRef& ref) const { return inputs[static_cast<size_t>(ref.index)]; }
  Input& input_of(const TensorRef& ref) { return inputs[static_cast<size_t>(ref.index)]; }
};

// Visits the tensors of all arguments, as for_each_tensor(Value) does.
template <class AnyCall, class Visit>
  requires std::same_as<const AnyCall, const Call>
void for_each_tensor(AnyCall& call, Visit&& visit) {
  for (auto& argument : call.arguments) for_each_tensor(argument, visit);
}
template <class AnyCase, class Visit>
  requires std::same_as<const AnyCase, const Case>
void for_each_tensor(AnyCase& c, Visit&& visit) {
  for (auto& call : c.calls) for_each_tensor(call, visit);
}

// The limits of a well-formed case: large enough for real cases, small enough that no file can exhaust memory
// or the stack.
struct CaseLimits {
  static constexpr size_t storages = 1024;
  static constexpr size_t inputs = 1024;
  static constexpr size_t calls = 1024;
  static constexpr size_t layers = 64;
  static constexpr size_t libraries = 64;  // also files of tolerances
  static constexpr size_t rank = 64;
  static constexpr size_t name_bytes = 256;              // of an operator, an argument, a word
  static constexpr size_t string_bytes = 1 << 20;        // of all strings together
  static constexpr size_t nesting = 16;                  // lists in lists
  static constexpr size_t values = 1 << 16;              // arguments and list elements of all calls
  static constexpr int64_t elements = int64_t{1} << 28;  // of one view or storage
  static constexpr int64_t explicit_bytes = 1 << 20;     // of all FillRule::values storages
  static constexpr int64_t storage_bytes = int64_t{1} << 30;
  static constexpr size_t text_bytes = 64 << 20;
};

// Bytes of the case's storages together; saturates at INT64_MAX.
int64_t storage_bytes(const Case& c);

// Empty if the case is well formed: at least one call, every view fits its storage, strides are not negative,
// calls refer to inputs and earlier calls, the path's storages exist, limits hold. Otherwise one line that
// says what is wrong.
std::string fault_of(const Case& c);

// The same for one part of a case, with what other parts it refers to.
std::string fault_of(const Header& header, size_t storages);
std::string fault_of(const Storage& storage);
std::string fault_of(const Input& input, const std::vector<Storage>& storages);
std::string fault_of(const Call& call, size_t inputs, size_t calls_before);

// "aten::add.Tensor": namespace, name, and an overload if there is one.
bool is_operator_name(std::string_view text);
// Letters, digits, _ and the characters of `also`, at least one.
bool is_word(std::string_view text, std::string_view also = "");

}  // namespace corpora
