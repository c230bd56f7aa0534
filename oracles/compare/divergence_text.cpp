#include "oracles/compare/divergence_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <vector>

#include "oracles/compare/spelling.h"

namespace oracles {

namespace {

std::string flags_text(const TensorSnapshot& t) {
  std::string text;
  if (t.meta) text += " meta";
  if (t.zero) text += " ZeroTensor";
  if (t.conj) text += " conj";
  if (t.neg) text += " neg";
  return text;
}

std::string value_text(const corpora::Value& value) {
  switch (value.kind) {
    case corpora::ValueKind::none:
      return "None";
    case corpora::ValueKind::integer:
      return fmt::format("{}", value.integer);
    case corpora::ValueKind::real:
      return fmt::format("{}", value.real);
    case corpora::ValueKind::boolean:
      return value.integer ? "True" : "False";
    case corpora::ValueKind::complex:
      return fmt::format("({},{})", value.real, value.imaginary);
    case corpora::ValueKind::string:
      return fmt::format("\"{}\"", value.text);
    case corpora::ValueKind::dtype:
      return std::string(engine::name_of(value.dtype));
    case corpora::ValueKind::tensor:
      return "a tensor";
    case corpora::ValueKind::undefined:
      return "an undefined tensor";
    case corpora::ValueKind::list:
      break;
    default:
      return value.text;
  }
  std::string text = "[";
  for (size_t i = 0; i < value.list.size(); ++i) text += (i ? ", " : "") + value_text(value.list[i]);
  return text + "]";
}

}  // namespace

std::string to_text(const TensorSnapshot& t) {
  if (!t.defined) return "undefined tensor";
  if (t.opaque) return fmt::format("{} {}", t.type_name, dims_text(t.sizes));
  std::string text =
      fmt::format("{} {} strides {}", engine::name_of(t.dtype), dims_text(t.sizes), dims_text(t.strides));
  if (t.offset != 0) text += fmt::format(" offset {}", t.offset);
  if (t.device != "cpu") text += " on " + t.device;
  text += flags_text(t);
  if (!t.has_values) return text;
  const size_t size = engine::size_of(t.dtype);
  const int64_t count = engine::element_count(t.sizes);
  const int64_t shown = std::min(static_cast<int64_t>(t.values.size() / size), elements_kept);
  text += ": [";
  for (int64_t i = 0; i < shown; ++i)
    text += (i ? ", " : "") + short_text(t.dtype, t.values.data() + static_cast<size_t>(i) * size);
  if (count > shown) text += fmt::format(", ... {} more", count - shown);
  return text + "]";
}

std::string to_text(const Result& result) {
  if (result.kind == Result::Kind::tensor) return to_text(result.tensor);
  if (result.kind == Result::Kind::plain) return value_text(result.plain);
  std::string text = "(";
  for (size_t i = 0; i < result.list.size(); ++i) text += (i ? "; " : "") + to_text(result.list[i]);
  return text + ")";
}

std::string to_text(const Place& place) {
  // In the order of Part.
  constexpr std::array<std::string_view, 22> parts{"the call",
                                                   "the number of results",
                                                   "result {index}",
                                                   "input {index}",
                                                   "storage {index}",
                                                   "out {index}",
                                                   "memory between the elements of out {index}",
                                                   "memory just outside a block",
                                                   "the thread's dispatch state",
                                                   "the backward pass",
                                                   "the gradients of all storages, along one direction",
                                                   "a write that must raise",
                                                   "the process",
                                                   "the error of step {index}",
                                                   "the kernels that ran in step {index}",
                                                   "the thread's included keys after step {index}",
                                                   "the thread's excluded keys after step {index}",
                                                   "the keys of the results of step {index}",
                                                   "the caller's arguments after step {index}",
                                                   "the definition of {name} after step {index}",
                                                   "the dispatch table of {name} after step {index}",
                                                   "the state after the last step"};
  std::string text = fmt::format(fmt::runtime(parts[static_cast<size_t>(place.part)]),
                                 fmt::arg("index", place.index), fmt::arg("name", place.name));
  if (place.position >= 0) text += fmt::format(", tensor {} of the list", place.position);
  if (place.element) text += ", element " + dims_text(*place.element);
  return text;
}

std::string ending_text(const Side& side) {
  switch (side.end) {
    case End::returned:
      return "returned";
    case End::raised:
      return fmt::format("raises {}: {}", side.error_class, side.message);
    case End::over_memory:
      return "requests more memory than a case may use: " + side.message;
    case End::must_raise:
      return side.message.empty() ? "must raise" : "must raise: " + side.message;
    case End::must_return:
      return "must return";
    case End::crashed:
      return side.signal ? name_of_signal(side.signal) : fmt::format("exit status {}", side.status);
    case End::own_check:
      return "an internal check of Faultline failed";
    case End::out_of_time:
      return "out of CPU time";
    case End::waiting:
      return "waits forever";
    case End::out_of_memory:
      return "out of memory";
    case End::killed:
      return "killed by the system, probably because memory ran out";
  }
  return {};
}

namespace {

// The text of what a side shows at this place.
struct ShownText {
  const Divergence& divergence;

  std::string operator()(const auto& other) const { return spelling_of(Shown(other)); }
  std::string operator()(const int64_t& number) const {
    if (divergence.kind == Kind::version) return fmt::format("version +{}", number);
    if (divergence.kind == Kind::offset) return fmt::format("{}", number);
    return divergence.place.part == Part::results ? fmt::format("{} results", number)
                                                  : fmt::format("a list of {}", number);
  }
  std::string operator()(const Identity& identity) const {
    if (identity.input >= 0) return fmt::format("input {} itself", identity.input);
    if (identity.out >= 0) return fmt::format("out {} itself", identity.out);
    if (identity.storage >= 0 && !identity.fresh)
      return fmt::format("memory of storage {}", identity.storage);
    if (identity.storage >= 0) return fmt::format("fresh memory ({})", identity.storage);
    return divergence.kind == Kind::alias ? "memory of its own" : "a tensor of its own";
  }
  std::string operator()(const LazyBits& bits) const {
    return fmt::format("conj {}, neg {}", bits.conj ? "set" : "clear", bits.neg ? "set" : "clear");
  }
  std::string operator()(const Change& change) const {
    if (change == Change::none) return "unchanged";
    return change == Change::values ? "values changed" : "geometry changed";
  }
  std::string operator()(const RequiresGrad& grad) const {
    return grad.value ? "requires a gradient" : "requires no gradient";
  }
  std::string operator()(const Names& names) const {
    return names.empty() ? "none" : fmt::format("{}", fmt::join(names, " "));
  }
  std::string operator()(const corpora::Value& value) const { return value_text(value); }
};

std::string side_text(const Divergence& divergence, const Side& side) {
  const std::string shown = std::visit(ShownText{divergence}, side.shown);
  if (side.end != End::returned) return ending_text(side) + (shown.empty() ? "" : "; " + shown);
  if (!shown.empty()) return shown;
  const bool in_results = divergence.place.part == Part::result && divergence.kind == Kind::outputs;
  return in_results && !side.whole.empty() ? to_text(side.whole.front()) : "returned";
}

}  // namespace

namespace {

// A state has many words, "grad_mode=1 python_keys=0 ...": those of `shown` that `other` does not have.
std::string different_words(const std::string& shown, const std::string& other) {
  const auto words_of = [](const std::string& text) {
    std::istringstream words(text);
    return std::vector<std::string>{std::istream_iterator<std::string>(words), {}};
  };
  const std::vector<std::string> others = words_of(other);
  std::vector<std::string> words = words_of(shown);
  std::erase_if(words, [&](const std::string& word) { return std::ranges::count(others, word) > 0; });
  return words.empty() ? shown : fmt::format("{}", fmt::join(words, " "));
}

std::string text_of(const Divergence& divergence, const Side& side, const Side& other) {
  const auto *shown = std::get_if<Word>(&side.shown), *others = std::get_if<Word>(&other.shown);
  if (divergence.kind == Kind::state && shown && others) return different_words(shown->text, others->text);
  return side_text(divergence, side);
}

}  // namespace

std::string left_text(const Divergence& divergence) {
  return text_of(divergence, divergence.left, divergence.right);
}
std::string right_text(const Divergence& divergence) {
  return text_of(divergence, divergence.right, divergence.left);
}

std::string whole_text(const Side& side) {
  std::string text = side.last_output;
  for (const Result& result : side.whole) text += (text.empty() ? "" : "\n") + to_text(result);
  return text;
}

}  // namespace oracles
