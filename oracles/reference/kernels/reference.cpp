#include "oracles/reference/kernels/reference.h"

#include "engine/core/error.h"
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/rounding.h"

namespace reference {

namespace {

// A result may be cast to the written tensor's dtype if only precision is lost, not its category.
bool writable(DType from, DType to) {
  if (engine::is_complex(from) && !engine::is_complex(to)) return false;
  if (engine::is_floating(from) && engine::is_integral(to)) return false;
  return from == to || to != DType::b8 || from == DType::b8;
}

template <class W>
void write(Result<W>& result, const Argument<W>& to, bool reshapes) {
  const Array<W>& target = to.arrays.front();
  if (to.written == Written::in_place && !reshapes && target.sizes != result.values.sizes)
    throw Raises{"the tensor written in place has different sizes than the result"};
  if (!writable(result.values.dtype, target.dtype))
    throw Raises{"the result's dtype cannot be cast to that of the tensor to be written"};
  result.computed = result.values.dtype;
  result.values = cast(result.values, target.dtype, false);
}

template <class W>
void evaluate_in(const Reference& reference, const std::function<void(Call<W>&)>& body, Call<W>& call) {
  try {
    body(call);
  } catch (const engine::Error& refusal) {  // a number of another kind than the schema requires
    throw Unknown{refusal.what()};
  }
  size_t next = 0;
  for (Result<W>& result : call.results) {
    result.computed = result.values.dtype;
    while (next < call.arguments.size() && call.arguments[next].written == Written::no) ++next;
    if (next < call.arguments.size()) write(result, call.arguments[next++], reference.reshapes);
  }
}

}  // namespace

void References::add(std::string_view name, const Reference& reference) {
  references_.insert_or_assign(std::string(name), reference);
}

void References::add(std::initializer_list<std::string_view> names, const Reference& reference) {
  for (const std::string_view name : names) add(name, reference);
}

const Reference* References::find(std::string_view name) const {
  const auto found = references_.find(name);
  return found == references_.end() ? nullptr : &found->second;
}

std::vector<std::string> References::names() const {
  std::vector<std::string> all;
  for (const auto& [name, reference] : references_) all.push_back(name);
  return all;
}

void evaluate(const Reference& reference, Call<double>& call) {
  evaluate_in(reference, reference.narrow, call);
}
void evaluate(const Reference& reference, Call<Quad>& call) { evaluate_in(reference, reference.wide, call); }

References built_in_references() {
  References references;
  for (const auto add : families) add(references);
  return references;
}

}  // namespace reference
