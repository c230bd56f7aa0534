#include "reports/features.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "corpora/case/image.h"
#include "engine/core/shape.h"
#include "oracles/compare/element.h"
#include "oracles/trial/effects.h"

namespace reports {
namespace {

using corpora::Case;
using corpora::Input;
using Words = std::set<std::string>;

// How one argument of the failing call is used.
struct Use {
  int32_t input = 0;
  std::string position;  // first, other, list, optional, written
  bool written = false;
};

std::string position_of(const engine::Argument* argument, bool is_first, bool in_list) {
  if (argument && oracles::declares_write(*argument)) return "written";
  if (in_list) return "list";
  if (argument && argument->type.kind == engine::TypeKind::optional) return "optional";
  return is_first ? "first" : "other";
}

std::vector<Use> uses_of(const Case& c, size_t call, const corpora::Catalog& catalog) {
  std::vector<Use> uses;
  const corpora::Operator* op = catalog.find(c.calls[call].op);
  const auto& arguments = c.calls[call].arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const engine::Argument* argument =
        op && i < op->schema.arguments.size() ? &op->schema.arguments[i] : nullptr;
    const bool in_list = arguments[i].kind == corpora::ValueKind::list;
    corpora::for_each_tensor(arguments[i], [&](const corpora::TensorRef& ref) {
      if (ref.is_input())
        uses.push_back({ref.index, position_of(argument, uses.empty(), in_list),
                        argument && oracles::declares_write(*argument)});
    });
  }
  return uses;
}

bool is_subnormal(engine::DType dtype, double x) {
  const double smallest = oracles::ulp_at(dtype, 0), smallest_normal = smallest / oracles::ulp_at(dtype, 1);
  return x != 0 && std::fabs(x) < smallest_normal;
}

void add_component(engine::DType dtype, double x, Words& words) {
  if (is_subnormal(dtype, x)) words.insert("values:subnormal");
  if (std::isnan(x)) words.insert("values:nan");
  if (std::isinf(x)) words.insert("values:inf");
  if (x == 0 && std::signbit(x)) words.insert("values:negative-zero");
}

void add_values(const Input& input, const corpora::Storage& storage, const std::vector<std::byte>& bytes,
                Words& words) {
  if (engine::is_integral(storage.dtype)) return;
  const size_t size = engine::size_of(storage.dtype);
  engine::for_each_position(input.sizes, input.strides, input.offset, [&](int64_t position) {
    const std::byte* element = bytes.data() + static_cast<size_t>(position) * size;
    for (int i = 0; i < oracles::components_of(storage.dtype); ++i)
      add_component(storage.dtype, oracles::component_at(storage.dtype, element, i), words);
  });
}

void add_layout(const Input& input, bool written, Words& words) {
  const std::string prefix = written ? "written-layout:" : "layout:";
  if (input.offset != 0) words.insert(prefix + "offset");
  const engine::Dims strides = engine::significant_strides(input.sizes, input.strides);
  bool expanded = false;
  for (size_t d = 0; d < strides.size(); ++d)
    expanded = expanded || (input.sizes[d] > 1 && strides[d] == 0 && engine::element_count(input.sizes) > 0);
  if (expanded)
    words.insert(prefix + "expanded");
  else if (engine::may_overlap(input.sizes, input.strides) && engine::element_count(input.sizes) > 1)
    words.insert(prefix + "overlapping");
  else if (!engine::is_contiguous(input.sizes, input.strides))
    words.insert(prefix + "strided");
}

engine::DType dtype_of(const Case& c, const Use& use) {
  const Input& input = c.inputs[static_cast<size_t>(use.input)];
  return c.storages[static_cast<size_t>(input.storage)].dtype;
}

bool is_transformed(const Case& c, const Use& use, const corpora::Path& path) {
  return transforms(path, c.inputs[static_cast<size_t>(use.input)].storage);
}

// Its class, but if few kernels accept the dtype, what is special about it: the minimiser would have replaced
// it by a dtype of the class that is usual.
std::string dtype_word(engine::DType dtype) {
  if (engine::is_computed(dtype) || engine::is_floating(dtype))
    return std::string(engine::name_of(engine::class_of(dtype)));
  return engine::is_complex(dtype) ? "complex-half" : "unsigned";
}

bool runs_peer(const corpora::Path& path) { return has_layer(path, corpora::LayerKind::peer); }

// Of the transformed arguments, or of the first if none is: an index tensor beside them is always integer.
// With a peer, of all, because two libraries may treat any of them differently.
void add_dtypes(const Case& c, const oracles::Verdict& verdict, const std::vector<Use>& uses, Words& words) {
  if (uses.empty()) return;
  std::set<engine::DType> all, relevant;
  for (const Use& use : uses) {
    all.insert(dtype_of(c, use));
    if (is_transformed(c, use, verdict.right)) relevant.insert(dtype_of(c, use));
  }
  if (runs_peer(verdict.right)) relevant = all;
  if (relevant.empty()) relevant.insert(dtype_of(c, uses.front()));
  if (all.size() > 1 && (verdict.divergence.kind == oracles::Kind::dtype || runs_peer(verdict.right)))
    words.insert("dtype:mixed");
  for (engine::DType dtype : relevant) {
    if (dtype == engine::DType::f64) words.insert("dtype:f64");
    if (engine::class_of(dtype) != engine::DTypeClass::real) words.insert("dtype:" + dtype_word(dtype));
  }
}

// What decides about conversions, which two libraries may do differently.
void add_conversions(const Case& c, const corpora::Call& call, const std::vector<Use>& uses, Words& words) {
  const auto read = std::ranges::find(uses, false, &Use::written);
  for (const Use& use : uses)
    if (use.written && read != uses.end() && dtype_of(c, use) != dtype_of(c, *read))
      words.insert("written-dtype:other");
  for (const corpora::Value& value : call.arguments) {
    if (value.kind == corpora::ValueKind::dtype && engine::class_of(value.dtype) != engine::DTypeClass::real)
      words.insert("dtype-argument:" + dtype_word(value.dtype));
    if (value.kind != corpora::ValueKind::real) continue;
    constexpr double largest_half = 65504;
    if (std::trunc(value.real) != value.real) words.insert("number:fraction");
    if (std::isfinite(value.real) && std::fabs(value.real) > largest_half) words.insert("number:beyond-half");
  }
}

void add_shapes(const Case& c, const std::vector<Use>& uses, Words& words) {
  std::set<int32_t> storages, inputs;
  for (const Use& use : uses) {
    const Input& input = c.inputs[static_cast<size_t>(use.input)];
    add_layout(input, use.written, words);
    if (!inputs.insert(use.input).second) continue;
    if (input.sizes.empty()) words.insert("shape:0-dim");
    if (engine::element_count(input.sizes) == 0) words.insert("shape:empty");
    if (!storages.insert(input.storage).second) words.insert("storage:shared");
  }
}

void add_numbers(const corpora::Value& value, Words& words) {
  if (value.kind == corpora::ValueKind::real || value.kind == corpora::ValueKind::complex) {
    add_component(engine::DType::f64, value.real, words);
    if (value.kind == corpora::ValueKind::complex) add_component(engine::DType::f64, value.imaginary, words);
  }
  for (const corpora::Value& element : value.list) add_numbers(element, words);
}

// Of all inputs, not only those of the failing call: earlier calls pass their values on.
void add_all_values(const Case& c, Words& words) {
  const corpora::Image image = corpora::image_of(c);
  for (const Input& input : c.inputs) {
    const auto storage = static_cast<size_t>(input.storage);
    add_values(input, c.storages[storage], image.storages[storage], words);
  }
  for (const corpora::Call& call : c.calls)
    for (const corpora::Value& value : call.arguments) add_numbers(value, words);
}

void add_path(const Case& c, const oracles::Verdict& verdict, const std::vector<Use>& uses, Words& words) {
  for (const corpora::Layer& layer : verdict.right) {
    const corpora::LayerRow& row = layer.row();
    if (row.key) words.insert("key:" + std::string(engine::name_of(*row.key)));
    if (!row.names_a_storage()) continue;
    for (const Use& use : uses)
      if (c.inputs[static_cast<size_t>(use.input)].storage == layer.storage && use.position != "first")
        words.insert("position:" + use.position);
  }
}

// The kinds of statements and the acts of kernels, named as in the case format.
void add_program(const corpora::Program& program, Words& words) {
  for (const corpora::Statement& s : program) {
    const std::string text = corpora::to_text(s);
    const bool call = s.kind == corpora::StatementKind::call;
    words.insert("statement:" + text.substr(0, text.find(' ')));
    if (s.kind == corpora::StatementKind::fallback) words.insert("statement:fallback");
    if (s.registers() && s.act != corpora::Act::returns)
      words.insert("act:" + text.substr(text.rfind(' ') + 1));
    if (call && s.redispatch) words.insert("call:redispatch");
    if (call && s.typed) words.insert("call:typed");
  }
}

bool is_in_place(std::string_view qualified) {
  return qualified.substr(0, qualified.find('.')).ends_with('_');
}

// The form of the call on the right side: in place, or the state of its out. For a death it does not matter.
void add_form(const oracles::Divergence& divergence, Words& words) {
  using oracles::OutState;
  if (!divergence.form) return;
  if (is_in_place(divergence.op)) words.insert("form:in-place");
  if (divergence.is_death() || *divergence.form == OutState::none || *divergence.form == OutState::exact)
    return;
  words.insert("out:" + std::string(name_of(*divergence.form)));
}

void add_signal(const oracles::Divergence& divergence, Words& words) {
  if (divergence.right.signal != 0)
    words.insert("signal:" + oracles::name_of_signal(divergence.right.signal));
}

// True if the error is the cause: dtypes, shapes and values would then only split the group.
bool add_error(const oracles::Divergence& divergence, Words& words) {
  const oracles::Side& left = divergence.left;
  const oracles::Side& right = divergence.right;
  if (left.raised()) words.insert("raises:left");
  if (right.end == oracles::End::raised) words.insert("raises:right");
  for (const oracles::Side* side : {&left, &right}) {
    if (side->end == oracles::End::must_raise) return true;
    if (side->end != oracles::End::raised) continue;
    if (const std::string text = message_words(side->error_class + ": " + side->message); !text.empty())
      words.insert("message:" + text);
    return true;
  }
  return false;
}

// Metadata such as sizes and strides do not depend on values or on the dtype's class: they would split the
// group.
bool depends_on_values(oracles::Kind kind) {
  using oracles::Kind;
  return kind == Kind::value || kind == Kind::nan_pattern || kind == Kind::dtype || kind == Kind::error ||
         kind == Kind::gradient || kind == Kind::nondeterminism || kind == Kind::mutation;
}

bool only_signs_of_zeros(const oracles::Divergence& divergence) {
  const auto* left = std::get_if<oracles::Element>(&divergence.left.shown);
  const auto* right = std::get_if<oracles::Element>(&divergence.right.shown);
  return left && right && left->dtype == right->dtype && left->is_zero() && right->is_zero();
}

}  // namespace

std::string message_words(std::string_view message) {
  std::string words;
  int count = 0;
  for (size_t at = 0; at < message.size() && count < 8;) {
    size_t end = at;
    while (end < message.size() && !std::isspace(static_cast<unsigned char>(message[end]))) ++end;
    std::string word(message.substr(at, end - at));
    at = end + 1;
    while (!word.empty() && std::ispunct(static_cast<unsigned char>(word.back()))) word.pop_back();
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char ch) {
      return std::isalpha(ch) || ch == '-' || ch == '\'';
    });
    if (!plain) continue;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char ch) { return std::tolower(ch); });
    words += (words.empty() ? "" : " ") + word;
    ++count;
  }
  return words;
}

std::vector<std::string> features_of(const Case& minimal, const oracles::Verdict& verdict,
                                     const corpora::Catalog& catalog) {
  Words words;
  if (minimal.calls.empty()) return {};
  if (!minimal.program.empty()) {
    add_program(minimal.program, words);
    return {words.begin(), words.end()};
  }
  const oracles::Divergence& divergence = verdict.divergence;
  const size_t call = std::min(static_cast<size_t>(std::max(divergence.call, 0)), minimal.calls.size() - 1);
  const std::vector<Use> uses = uses_of(minimal, call, catalog);
  add_path(minimal, verdict, uses, words);
  add_form(divergence, words);
  if (divergence.kind == oracles::Kind::crash) add_signal(divergence, words);
  if (divergence.uninitialised) words.insert("uninitialised");
  if (divergence.kind == oracles::Kind::error && add_error(divergence, words))
    return {words.begin(), words.end()};
  if (depends_on_values(divergence.kind) || runs_peer(verdict.right)) {
    add_dtypes(minimal, verdict, uses, words);
    add_all_values(minimal, words);
  }
  if (runs_peer(verdict.right)) {
    add_conversions(minimal, minimal.calls[call], uses, words);
    for (const corpora::Storage& storage : minimal.storages)  // of earlier calls too
      if (engine::is_complex(storage.dtype)) words.insert("dtype:complex");
  }
  add_shapes(minimal, uses, words);
  if (minimal.calls.size() > 1) words.insert("calls:several");
  if (divergence.place.part == oracles::Part::input) words.insert("in:input");
  if (divergence.kind == oracles::Kind::value && only_signs_of_zeros(divergence))
    words.insert("differs:sign-of-zero");
  for (const corpora::Value& value : minimal.calls[call].arguments)
    if (value.kind == corpora::ValueKind::undefined) words.insert("argument:undefined");
  return {words.begin(), words.end()};
}

}  // namespace reports
