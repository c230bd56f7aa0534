// scatter_add, indexing by several tensors at once, cumulative sums, and arange.
#include <algorithm>
#include <cmath>
#include <optional>

#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/indices.h"
#include "oracles/reference/kernels/masks.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// The number of the element in row-major order.
size_t number_of(const Dims& index, const Dims& sizes) {
  int64_t place = 0;
  for (size_t d = 0; d < sizes.size(); ++d) place = place * sizes[d] + index[d];
  return static_cast<size_t>(place);
}

// A 0-dim tensor is treated as a vector of one element.
Dims at_least_a_row(const Dims& sizes) { return sizes.empty() ? Dims{1} : sizes; }

template <class W>
void scatter_add(Call<W>& call) {
  const Array<W>&self = call.array(0), &index = call.array(2), &source = call.array(3);
  const size_t dim = dimension(call.integer(1), self.rank());
  if (index.count() > 0 && index.dtype != DType::i64) throw Raises{"the index has the wrong dtype"};
  if (self.dtype != source.dtype) throw Raises{"the dtypes differ"};
  const Dims to = at_least_a_row(self.sizes), by = at_least_a_row(index.sizes),
             from = at_least_a_row(source.sizes);
  Result<W>& made = call.give(Array<W>(self));
  made.magnitudes.resize(self.count());
  std::vector<double> added(self.count());
  with_elements<W>(self.dtype, [&]<class T>() {
    for (size_t i = 0; i < self.count(); ++i) made.magnitudes[i] = magnitude_of(self.template at<T>(i));
    if (index.count() == 0) return;
    if (to.size() != by.size() || from.size() != by.size()) throw Raises{"the numbers of dimensions differ"};
    for (size_t d = 0; d < by.size(); ++d)
      if ((d != dim && by[d] > to[d]) || by[d] > from[d]) throw Raises{"index out of range"};
    for_each_index(by, [&](size_t i, Dims place) {
      const T x = source.template at<T>(number_of(place, from));
      place[dim] = index.integers[i];
      if (place[dim] < 0 || place[dim] >= to[dim]) throw Raises{"index out of range"};
      const size_t at = number_of(place, to);
      made.values.set(at, sum_of(made.values.template at<T>(at), x));
      made.magnitudes[at] += magnitude_of(x);
      made.roundings = std::max(made.roundings, ++added[at]);
    });
  });
  for (size_t i = 0; i < self.count(); ++i) made.note_step(i, made.magnitudes[i]);
}

// The index tensors of an indexing call, by dimension: undefined ones, and those that masks choose, included.
template <class W>
std::vector<std::optional<Array<W>>> expanded_indices(const Argument<W>& list, const Array<W>& self) {
  std::vector<std::optional<Array<W>>> made;
  for (size_t k = 0; k < list.arrays.size(); ++k) {
    const Array<W>& index = list.arrays[k];
    if (list.absent[k] || index.dtype == DType::i64) {
      made.push_back(list.absent[k] ? std::nullopt : std::optional(index));
      continue;
    }
    if (index.dtype != DType::b8 && index.dtype != DType::u8) throw Raises{"an index has the wrong dtype"};
    for (size_t d = 0; d < index.rank(); ++d)
      if (made.size() + d >= self.rank() || index.sizes[d] != self.sizes[made.size() + d])
        throw Raises{"a mask does not fit"};
    const std::vector<Dims> found = nonzero_places(index);
    for (size_t d = 0; d < index.rank(); ++d) {
      Array<W> along = blank<W>(DType::i64, {std::ssize(found)});
      for (size_t i = 0; i < found.size(); ++i) along.set(i, found[i][d]);
      made.push_back(std::move(along));
    }
  }
  if (made.size() > self.rank()) throw Raises{"there are more indices than dimensions"};
  made.resize(self.rank());
  return made;
}

// Where the dimensions of the indices are among the result's.
template <class W>
struct Chooser {
  std::vector<std::optional<Array<W>>> indices;
  Dims sizes = {};   // the broadcast sizes of the indices
  size_t place = 0;  // their position among the result's dimensions

  Chooser(const Argument<W>& list, const Array<W>& self) : indices(expanded_indices(list, self)) {
    size_t first = self.rank(), last = 0, count = 0;
    for (size_t d = 0; d < indices.size(); ++d) {
      if (!indices[d]) continue;
      sizes = broadcast(sizes, indices[d]->sizes);
      first = std::min(first, d);
      last = d;
      ++count;
    }
    // Adjacent index tensors keep their position; otherwise the indexed dimensions come first.
    if (count > 0 && last - first + 1 == count) place = first;
  }
};

template <class W>
void chosen_by_indices(Call<W>& call) {
  const Array<W>& self = call.array(0);
  const Chooser<W> by(call.arguments[1], self);
  Dims sizes;
  std::vector<Shown<W>> shown;
  const bool chooses = countable(by.sizes) > 0;  // an empty result reads no index
  for (size_t d = 0; d < self.rank(); ++d) {
    if (!by.indices[d]) {
      sizes.push_back(self.sizes[d]);
      continue;
    }
    shown.emplace_back(*by.indices[d], by.sizes);
    for (const int64_t number : by.indices[d]->integers)
      if (chooses && (number < -self.sizes[d] || number >= self.sizes[d])) throw Raises{"index out of range"};
  }
  const auto from = static_cast<std::ptrdiff_t>(by.place), to = from + std::ssize(by.sizes);
  sizes.insert(sizes.begin() + from, by.sizes.begin(), by.sizes.end());
  std::vector<size_t> at;
  for_each_index(sizes, [&](size_t, Dims place) {
    const size_t which = number_of(Dims(place.begin() + from, place.begin() + to), by.sizes);
    place.erase(place.begin() + from, place.begin() + to);
    size_t k = 0;
    for (size_t d = 0; d < self.rank(); ++d) {
      if (!by.indices[d]) continue;
      const auto number = shown[k++].template element<int64_t>(which);
      place.insert(place.begin() + static_cast<std::ptrdiff_t>(d),
                   number < 0 ? number + self.sizes[d] : number);
    }
    at.push_back(number_of(place, self.sizes));
  });
  call.give(picked(self, sizes, at));
}

// The given dtype, else the written tensor's, else the operand's; integers are cast to 64 bits.
template <class W>
DType scanned_dtype(const Call<W>& call) {
  if (!call.is_none(2)) return call.arguments[2].dtype;
  for (const Argument<W>& each : call.arguments)
    if (each.written != Written::no) return each.arrays.front().dtype;
  const DType own = call.array(0).dtype;
  return engine::is_integral(own) ? DType::i64 : own;
}

template <class W>
void cumsum(Call<W>& call) {
  const size_t dim = dimension(call.integer(1), call.array(0).rank());
  const DType dtype = scanned_dtype(call);
  std::vector<bool> open;
  const Array<W> self = cast(call.array(0), dtype, call.rounds, &open);
  if (std::find(open.begin(), open.end(), true) != open.end())
    throw Unknown{"a number that an integer cannot hold"};
  Result<W>& made = call.give(Array<W>(self));
  made.magnitudes.resize(self.count());
  const int64_t length = self.rank() == 0 ? 1 : self.sizes[dim];
  made.roundings = static_cast<double>(std::max<int64_t>(length - 1, 0));
  with_elements<W>(dtype, [&]<class T>() {
    for_each_index(self.sizes, [&](size_t i, Dims before) {
      made.magnitudes[i] = magnitude_of(self.template at<T>(i));
      if (before.empty() || before[dim]-- == 0) return;
      const size_t last = number_of(before, self.sizes);
      made.values.set(i, sum_of(made.values.template at<T>(last), self.template at<T>(i)));
      made.magnitudes[i] += made.magnitudes[last];
    });
  });
  for (size_t i = 0; i < self.count(); ++i) made.note_step(i, made.magnitudes[i]);
}

// --- arange with 1 to 3 bounds: end; start and end; start, end and step
template <class W>
void arange(Call<W>& call, size_t bounds) {
  std::vector<engine::Scalar> given{engine::Scalar(0), engine::Scalar(0), engine::Scalar(1)};
  for (size_t i = 0; i < bounds; ++i) given[bounds == 1 ? 1 : i] = call.arguments[i].number;
  const double start = given[0].to_real(), end = given[1].to_real(), step = given[2].to_real();
  if (step == 0 || !std::isfinite(start) || !std::isfinite(end))
    throw Raises{"the bounds or the step are invalid"};
  if ((end - start) * step < 0) throw Raises{"the step leads away from the end"};
  const bool integers = given[0].is_integral() && given[1].is_integral() && given[2].is_integral();
  const DType dtype = !call.is_none(bounds) ? call.arguments[bounds].dtype
                      : integers            ? DType::i64
                                            : DType::f32;
  Takes{.bools = false, .complex = false}.check(dtype);
  const double count = std::ceil((end - start) / step);
  if (!(count < 0x1p40)) throw Unknown{"too many elements to compute"};
  Array<W> made = blank<W>(dtype, {static_cast<int64_t>(count)});
  for (size_t i = 0; i < made.count(); ++i) {
    if (engine::is_integral(dtype))
      made.set(i, static_cast<int64_t>(start) + static_cast<int64_t>(i) * static_cast<int64_t>(step));
    else
      made.set(i, static_cast<W>(start) + static_cast<W>(static_cast<double>(i)) * static_cast<W>(step));
  }
  call.give(std::move(made));
}

}  // namespace

void add_scattering(References& to) {
  to.add({"aten::scatter_add", "aten::scatter_add_", "aten::scatter_add.out"},
         [](auto& call) { scatter_add(call); });
  to.add({"aten::index.Tensor", "aten::index.Tensor_out"}, [](auto& call) { chosen_by_indices(call); });
  to.add({"aten::cumsum", "aten::cumsum_", "aten::cumsum.out"}, [](auto& call) { cumsum(call); });
  to.add("aten::arange", [](auto& call) { arange(call, 1); });
  to.add("aten::arange.start", [](auto& call) { arange(call, 2); });
  to.add("aten::arange.start_step", [](auto& call) { arange(call, 3); });
}

}  // namespace reference
