// Case: one program of operator calls with recipes of its inputs; no live tensor, no subject.
// A storage is memory of one dtype; an input is a strided view of a storage, so sharing and overlap are real.
// The header says how a stored case came to be and what replaying it should show; a drawn case has none.
// Exact text form: text.h. What makes a case well formed: fault_of, below.
#pragma once

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

// What a storage holds. All but `values` are rules expanded by image() from (rule, rng_seed), the same
// everywhere.
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
  wild       // dyadic, with one in four of the dtype's edges: inf, nan, -0, largest, smallest, denormal
};

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

// One operator call. Arguments stand in schema order, one for each argument of the schema.
struct Call {
  std::string op;                  // "aten::add.Tensor"
  std::vector<std::string> names;  // of the arguments, for readers; empty or as long as `arguments`
  std::vector<Value> arguments;

  bool operator==(const Call&) const = default;
};

enum class Expect : uint8_t { nothing, agree, differ };

struct Header {
  std::string subject;
  std::string oracle;
  Path path;
  std::vector<std::string> load;
  std::string plant;  // a planted bug that the subject is built with
  Expect expect = Expect::nothing;
  std::string expect_kind;  // with Expect::differ

  bool operator==(const Header&) const = default;
};

struct Case {
  Header header;
  std::vector<Storage> storages;
  std::vector<Input> inputs;
  std::vector<Call> calls;
  Program program;  // then the case is one call of the pseudo operator program_operator

  bool operator==(const Case&) const = default;
};

// What a well-formed case may hold at most. Generous for cases, small enough that no file can exhaust memory
// or the stack: its text stays below text_bytes, however it is written.
struct CaseLimits {
  static constexpr size_t storages = 1024;
  static constexpr size_t inputs = 1024;
  static constexpr size_t calls = 1024;
  static constexpr size_t layers = 64;
  static constexpr size_t libraries = 64;
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

// Bytes that the case's storages ask for; saturates at INT64_MAX.
int64_t storage_bytes(const Case& c);

// Empty when the case is well formed: at least one call, every view fits its storage, strides are not
// negative, references point backwards, path storages exist, limits hold. Otherwise one line saying what is
// wrong.
std::string fault_of(const Case& c);

// The same for one part of a case, as far as it can be told alone.
std::string fault_of(const Header& header, size_t storages);
std::string fault_of(const Storage& storage);
std::string fault_of(const Input& input, const std::vector<Storage>& storages);
std::string fault_of(const Call& call, size_t inputs, size_t calls_before);

// "aten::add.Tensor": namespace, name, perhaps an overload.
bool is_operator_name(std::string_view text);
// Letters, digits and _ (and, where allowed, the other characters given).
bool is_word(std::string_view text, std::string_view also = "");

}  // namespace corpora
