#include "oracles/compare/side.h"

#include <fmt/format.h>
#include <signal.h>

#include <cstring>

#include "oracles/compare/element.h"
#include "oracles/compare/names.h"

namespace oracles {

namespace {

constexpr std::array<std::string_view, 9> out_states{"none",  "exact",    "strided", "transposed", "empty",
                                                     "wider", "narrower", "shared",  "overlapping"};

constexpr std::array<std::string_view, 22> parts{
    "call",     "results",     "result",    "input",      "storage", "out",        "between", "beside",
    "thread",   "backward",    "gradient",  "forbidden",  "process", "step_error", "kernels", "included",
    "excluded", "result_keys", "arguments", "definition", "table",   "rest"};

constexpr std::array<std::string_view, 11> ends{"returned",    "raised",        "over_memory", "must_raise",
                                                "must_return", "crashed",       "own_check",   "out_of_time",
                                                "waiting",     "out_of_memory", "killed"};

}  // namespace

std::string_view name_of(OutState state) { return out_states[static_cast<size_t>(state)]; }
std::optional<OutState> out_state_named(std::string_view name) {
  return enumerator_named<OutState>(out_states, name);
}
std::string_view name_of(Part part) { return parts[static_cast<size_t>(part)]; }
std::optional<Part> part_named(std::string_view name) { return enumerator_named<Part>(parts, name); }
std::string_view name_of(End end) { return ends[static_cast<size_t>(end)]; }
std::optional<End> end_named(std::string_view name) { return enumerator_named<End>(ends, name); }

Element Element::at(engine::DType dtype, const std::byte* from) {
  Element element{dtype, {}};
  std::copy_n(from, engine::size_of(dtype), element.bytes.begin());
  return element;
}

Element Element::of(double x) {
  Element element{engine::DType::f64, {}};
  std::memcpy(element.bytes.data(), &x, sizeof x);
  return element;
}

bool Element::is_zero() const {
  for (int i = 0; i < components_of(dtype); ++i)
    if (component_at(dtype, bytes.data(), i) != 0) return false;
  return true;
}

Side side_of(const CallOutcome& call) {
  Side side;
  if (call.status == Status::raised || call.status == Status::not_implemented) side.end = End::raised;
  if (call.status == Status::over_memory) side.end = End::over_memory;
  side.error_class = call.error_class;
  side.message = call.message;
  for (const Result& result : call.results) side.whole.push_back(cut(result));
  return side;
}

Side side_showing(Shown shown) {
  Side side;
  side.shown = std::move(shown);
  return side;
}

Side side_that(End end, std::string message) {
  Side side;
  side.end = end;
  side.message = std::move(message);
  return side;
}

Result cut(Result result) {
  const size_t most = static_cast<size_t>(elements_kept) * engine::size_of(result.tensor.dtype);
  if (result.tensor.values.size() > most) result.tensor.values.resize(most);
  for (Result& element : result.list) element = cut(std::move(element));
  return result;
}

Result result_of(TensorSnapshot tensor) {
  Result result;
  result.kind = Result::Kind::tensor;
  result.tensor = std::move(tensor);
  return cut(std::move(result));
}

std::string name_of_signal(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace oracles
