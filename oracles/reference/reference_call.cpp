#include "oracles/reference/reference_call.h"

#include <cstring>
#include <type_traits>

#include "oracles/compare/element.h"

namespace oracles {

namespace {

using corpora::ValueKind;
using engine::DType;
using engine::Scalar;
using reference::Argument;
using reference::Quad;
using reference::Unknown;
using reference::Written;

int64_t integer_at(DType dtype, const std::byte* from) {
  return engine::with_stored(dtype, [&]<class Stored>() -> int64_t {
    if constexpr (std::is_integral_v<Stored>) {
      Stored value;
      std::memcpy(&value, from, sizeof value);
      return static_cast<int64_t>(value);
    } else {
      return *from != std::byte{0};  // a bool
    }
  });
}

template <class W>
class ArgumentReader {
 public:
  explicit ArgumentReader(SeenTensors& seen) : seen_(seen) {}

  Argument<W> read(const corpora::Value& value, const engine::Argument& declared) {
    Argument<W> made;
    if (declares_write(declared)) made.written = declared.is_out() ? Written::out : Written::in_place;
    using Kind = typename Argument<W>::Kind;
    switch (value.kind) {
      case ValueKind::none:
        return made;
      case ValueKind::tensor:
        made.kind = Kind::array;
        add(value, made);
        return made;
      case ValueKind::integer:
        return number(value.integer, made);
      case ValueKind::boolean:
        return number(value.integer != 0, made);
      case ValueKind::real:
        return number(value.real, made);
      case ValueKind::complex:
        return number(std::complex<double>(value.real, value.imaginary), made);
      case ValueKind::dtype:
        made.kind = Kind::dtype;
        made.dtype = value.dtype;
        return made;
      case ValueKind::list:
        read_list(value, made);
        return made;
      case ValueKind::undefined:
        throw Unknown{"an argument is an undefined tensor"};
      default:
        made.kind = Kind::other;
        return made;
    }
  }

 private:
  static Argument<W> number(const auto& value, Argument<W> made) {
    made.kind = Argument<W>::Kind::number;
    made.number = Scalar(value);
    return made;
  }

  void add(const corpora::Value& value, Argument<W>& made) {
    const TensorSnapshot* tensor = seen_.tensor(value.tensor);
    if (!tensor) throw Unknown{"the values of an argument are unknown: a later call wrote its memory"};
    made.strides = tensor->strides;
    made.offset = tensor->offset;
    made.arrays.push_back(widened<W>(*tensor));
  }

  void read_list(const corpora::Value& value, Argument<W>& made) {
    using Kind = typename Argument<W>::Kind;
    const bool numbers = value.list.empty() || value.list[0].kind == ValueKind::integer;
    made.kind = numbers ? Kind::integers : Kind::list;
    for (const corpora::Value& each : value.list) {
      if (each.kind == ValueKind::undefined) throw Unknown{"a list has an undefined tensor"};
      const bool none = each.kind == ValueKind::none;
      if (!numbers) made.absent.push_back(none);
      if (each.kind == ValueKind::tensor)
        add(each, made);
      else if (none && !numbers)
        made.arrays.emplace_back();
      else if (each.kind == ValueKind::integer)
        made.integers.push_back(each.integer);
      else
        throw Unknown{"an argument is a list of other values than tensors and integers"};
    }
  }

  SeenTensors& seen_;
};

}  // namespace

bool needs_quad(const TensorSnapshot& tensor) {
  if (!tensor.defined || tensor.opaque) return false;
  return engine::component_of(tensor.dtype) == DType::f64 || tensor.dtype == DType::i64;
}

template <class W>
reference::Array<W> widened(const TensorSnapshot& tensor) {
  if (!tensor.has_values) throw Unknown{"the elements of a tensor are unknown"};
  reference::Array<W> made = reference::blank<W>(tensor.dtype, tensor.sizes);
  const size_t width = engine::size_of(tensor.dtype);
  const std::byte* from = tensor.values.data();
  for (int64_t& each : made.integers) {
    each = integer_at(tensor.dtype, from);
    from += width;
  }
  const DType component = engine::component_of(tensor.dtype);
  const size_t part_width = engine::size_of(component);
  for (W& each : made.parts) {
    each = component_at(component, from, 0);
    from += part_width;
  }
  return made;
}

template <class W>
reference::Call<W> reference_call(const corpora::Call& call, const engine::Schema& schema,
                                  SeenTensors& seen) {
  reference::Call<W> made;
  ArgumentReader<W> reader(seen);
  for (size_t i = 0; i < call.arguments.size(); ++i)
    made.arguments.push_back(reader.read(call.arguments[i], schema.arguments[i]));
  return made;
}

template reference::Array<double> widened(const TensorSnapshot&);
template reference::Array<Quad> widened(const TensorSnapshot&);
template reference::Call<double> reference_call(const corpora::Call&, const engine::Schema&, SeenTensors&);
template reference::Call<Quad> reference_call(const corpora::Call&, const engine::Schema&, SeenTensors&);

}  // namespace oracles
