// nonzero and masked_select.
#include "oracles/reference/kernels/masks.h"

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

template <class W>
void require_out_dtype(const Call<W>& call, DType dtype) {
  for (const Argument<W>& each : call.arguments)
    if (each.written == Written::out && each.arrays.front().dtype != dtype)
      throw Raises{"the out tensor has another dtype than the result"};
}

template <class W>
void nonzero(Call<W>& call) {
  require_out_dtype(call, DType::i64);
  const Array<W>& self = call.array(0);
  const std::vector<Dims> found = nonzero_places(self);
  Array<W> made = blank<W>(DType::i64, {static_cast<int64_t>(found.size()), std::ssize(self.sizes)});
  size_t k = 0;
  for (const Dims& place : found)
    for (const int64_t coordinate : place) made.set(k++, coordinate);
  call.give(std::move(made));
}

template <class W>
void masked_select(Call<W>& call) {
  const Array<W>&self = call.array(0), &mask = call.array(1);
  if (mask.dtype != DType::b8) throw Raises{"the mask is not a bool tensor"};
  require_out_dtype(call, self.dtype);
  const Dims sizes = broadcast(self.sizes, mask.sizes);
  const std::vector<size_t> from = places(sizes, broadcast_strides(self.sizes, sizes)),
                            by = places(sizes, broadcast_strides(mask.sizes, sizes));
  std::vector<size_t> chosen;
  for (size_t i = 0; i < from.size(); ++i)
    if (mask.integers[by[i]] != 0) chosen.push_back(from[i]);
  call.give(picked(self, {std::ssize(chosen)}, chosen));
}

}  // namespace

void add_masks(References& to) {
  to.add({"aten::nonzero", "aten::nonzero.out"}, [](auto& call) { nonzero(call); });
  to.add({"aten::masked_select", "aten::masked_select.out"}, [](auto& call) { masked_select(call); });
}

}  // namespace reference
