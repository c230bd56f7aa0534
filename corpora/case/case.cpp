#include "corpora/case/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "corpora/case/far_sizes.h"
#include "corpora/case/text_cursor.h"

namespace corpora {
namespace {

using engine::size_of;
using Limits = CaseLimits;

template <class Count>
std::string over(std::string_view what, Count count, Count limit) {
  return fmt::format("{} {}: at most {} are allowed", count, what, limit);
}

struct Budget {
  size_t values = 0;
  size_t string_bytes = 0;
};

std::string fault_of_tensor(const TensorRef& ref, size_t inputs, size_t calls_before) {
  if (ref.index < 0) return "a tensor reference has a negative index";
  if (ref.is_input()) {
    if (static_cast<size_t>(ref.index) >= inputs) return fmt::format("there is no input t{}", ref.index);
  } else if (static_cast<size_t>(ref.call) >= calls_before) {
    return fmt::format("r{}.{} is not a result of an earlier call", ref.call, ref.index);
  }
  return {};
}

std::string fault_of_value(const Value& value, size_t inputs, size_t calls_before, size_t depth,
                           Budget& budget) {
  if (++budget.values > Limits::values) return over("values", budget.values, Limits::values);
  if (value.kind != ValueKind::list && !value.list.empty()) return "a value that is not a list has elements";
  switch (value.kind) {
    case ValueKind::tensor:
      return fault_of_tensor(value.tensor, inputs, calls_before);
    case ValueKind::boolean:
      return value.integer == 0 || value.integer == 1 ? "" : "a boolean is neither 0 nor 1";
    case ValueKind::string:
      budget.string_bytes += value.text.size();
      return budget.string_bytes <= Limits::string_bytes
                 ? ""
                 : over("bytes of strings", budget.string_bytes, Limits::string_bytes);
    case ValueKind::device:
    case ValueKind::layout:
    case ValueKind::memory_format:
      return is_word(value.text, ":") ? "" : fmt::format("'{}' is not a word", value.text);
    case ValueKind::list:
      if (depth >= Limits::nesting) return over("nested lists", depth + 1, Limits::nesting);
      for (const Value& element : value.list)
        if (std::string fault = fault_of_value(element, inputs, calls_before, depth + 1, budget);
            !fault.empty())
          return fault;
      return {};
    default:
      return {};
  }
}

std::string fault_of_call(const Call& call, size_t inputs, size_t calls_before, Budget& budget) {
  if (!is_operator_name(call.op))
    return fmt::format("'{}' is not an operator name such as aten::add.Tensor", call.op);
  if (!call.names.empty() && call.names.size() != call.arguments.size())
    return fmt::format("{} argument names for {} arguments", call.names.size(), call.arguments.size());
  for (const std::string& name : call.names)
    if (!is_word(name)) return fmt::format("'{}' is not an argument name", name);
  for (const Value& argument : call.arguments)
    if (std::string fault = fault_of_value(argument, inputs, calls_before, 0, budget); !fault.empty())
      return fault;
  return {};
}

std::string fault_of_counts(const Case& c) {
  if (c.storages.size() > Limits::storages) return over("storages", c.storages.size(), Limits::storages);
  if (c.inputs.size() > Limits::inputs) return over("inputs", c.inputs.size(), Limits::inputs);
  if (c.calls.size() > Limits::calls) return over("calls", c.calls.size(), Limits::calls);
  if (c.calls.empty()) return "a case has at least one call";
  if (c.program.empty()) return {};
  if (c.calls.size() > 1 || !c.inputs.empty() || !c.storages.empty() || c.calls[0].op != program_operator ||
      !c.calls[0].arguments.empty())
    return "a case with a dispatch program has no storages, inputs or calls of operators";
  return fault_of_program(c.program);
}

std::string fault_of_storages(const Case& c) {
  int64_t explicit_bytes = 0;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    if (std::string fault = fault_of(c.storages[s]); !fault.empty()) return fmt::format("s{}: {}", s, fault);
    explicit_bytes += static_cast<int64_t>(c.storages[s].bytes.size());
  }
  if (explicit_bytes > Limits::explicit_bytes)
    return over("bytes of explicit values", explicit_bytes, Limits::explicit_bytes);
  if (storage_bytes(c) > Limits::storage_bytes)
    return over("bytes of storages", storage_bytes(c), Limits::storage_bytes);
  return {};
}

}  // namespace

bool is_word(std::string_view text, std::string_view also) {
  if (text.empty() || text.size() > Limits::name_bytes) return false;
  return std::ranges::all_of(text, [&](char x) { return is_name_character(x) || also.find(x) != also.npos; });
}

bool is_operator_name(std::string_view text) {
  const size_t colons = text.find("::");
  if (colons == std::string_view::npos) return false;
  return is_word(text.substr(0, colons)) && is_word(text.substr(colons + 2), ".");
}

int64_t storage_bytes(const Case& c) {
  int64_t total = 0;
  for (const Storage& storage : c.storages) {
    int64_t bytes = 0;
    if (__builtin_mul_overflow(storage.elements, static_cast<int64_t>(size_of(storage.dtype)), &bytes) ||
        __builtin_add_overflow(total, bytes, &total))
      return std::numeric_limits<int64_t>::max();
  }
  return total;
}

std::string fault_of(const Header& header, size_t storages) {
  for (const std::string* word : {&header.subject, &header.oracle, &header.plant, &header.expect_kind})
    if (!word->empty() && !is_word(*word)) return fmt::format("'{}' is not a word", *word);
  if ((header.expect == Expect::differ) != !header.expect_kind.empty())
    return "'expect differ', and only that, has a kind of difference";
  if (header.load.size() > Limits::libraries) return over("libraries", header.load.size(), Limits::libraries);
  for (const std::string& library : header.load)
    if (library.empty() || library.size() > 4096) return "a library's name is empty or too long";
  if (header.tolerances.size() > Limits::libraries)
    return over("files of tolerances", header.tolerances.size(), Limits::libraries);
  for (const std::string& file : header.tolerances)
    if (file.empty() || file.size() > 4096) return "the name of a file of tolerances is empty or too long";
  if (header.path.size() > Limits::layers) return over("layers", header.path.size(), Limits::layers);
  for (const Layer& layer : header.path) {
    const LayerRow& row = layer.row();
    if (!row.names_a_storage()) {
      if (row.has_number() ? layer.storage < 0 : layer.storage != -1)
        return fmt::format("layer {} takes no storage", row.name);
    } else if (layer.storage < 0 || static_cast<size_t>(layer.storage) >= storages) {
      return fmt::format("layer {}({}): the case has no such storage", row.name, layer.storage);
    }
  }
  return {};
}

std::string fault_of(const Storage& storage) {
  if (storage.elements < 0) return "a storage has a negative number of elements";
  if (storage.elements > Limits::elements)
    return over("elements of a storage", storage.elements, Limits::elements);
  const size_t bytes = static_cast<size_t>(storage.elements) * size_of(storage.dtype);
  if (storage.rule != FillRule::values)
    return storage.bytes.empty() ? "" : "only the rule 'values' has explicit values";
  if (storage.bytes.size() != bytes)
    return fmt::format("{} bytes of values for {} bytes of storage", storage.bytes.size(), bytes);
  if (storage.dtype == engine::DType::b8 &&
      std::ranges::any_of(storage.bytes, [](std::byte b) { return b > std::byte{1}; }))
    return "a b8 value is neither 0 nor 1";
  return {};
}

std::string fault_of(const Input& input, const std::vector<Storage>& storages) {
  if (input.storage < 0 || static_cast<size_t>(input.storage) >= storages.size())
    return fmt::format("there is no storage s{}", input.storage);
  const int64_t elements = storages[static_cast<size_t>(input.storage)].elements;
  if (input.sizes.size() != input.strides.size())
    return fmt::format("{} sizes but {} strides", input.sizes.size(), input.strides.size());
  if (input.sizes.size() > Limits::rank) return over("dimensions", input.sizes.size(), Limits::rank);
  if (input.offset < 0 || input.offset > elements)
    return fmt::format("offset {} is outside the storage's {} elements", input.offset, elements);
  int64_t count = 1;  // with sizes of 0 counted as 1: the other sizes of an empty view have limits, too
  for (size_t d = 0; d < input.sizes.size(); ++d) {
    if (input.sizes[d] < 0) return fmt::format("size {} of dimension {} is negative", input.sizes[d], d);
    if (input.strides[d] < 0)
      return fmt::format("stride {} of dimension {} is negative", input.strides[d], d);
    if (__builtin_mul_overflow(count, std::max<int64_t>(input.sizes[d], 1), &count) ||
        count > view_elements_limit)
      return fmt::format("the view has more than {} elements", view_elements_limit);
  }
  if (!engine::fits(input.sizes, input.strides, input.offset, elements))
    return fmt::format("the view needs {} elements at offset {}, but s{} has {}",
                       engine::extent_of(input.sizes, input.strides).high, input.offset, input.storage,
                       elements);
  return {};
}

std::string fault_of(const Call& call, size_t inputs, size_t calls_before) {
  Budget budget;
  return fault_of_call(call, inputs, calls_before, budget);
}

std::string fault_of(const Case& c) {
  if (std::string fault = fault_of_counts(c); !fault.empty()) return fault;
  if (std::string fault = fault_of(c.header, c.storages.size()); !fault.empty()) return fault;
  if (std::string fault = fault_of_storages(c); !fault.empty()) return fault;
  for (size_t t = 0; t < c.inputs.size(); ++t)
    if (std::string fault = fault_of(c.inputs[t], c.storages); !fault.empty())
      return fmt::format("t{}: {}", t, fault);
  Budget budget;
  for (size_t r = 0; r < c.calls.size(); ++r)
    if (std::string fault = fault_of_call(c.calls[r], c.inputs.size(), r, budget); !fault.empty())
      return fmt::format("r{}: {}", r, fault);
  return {};
}

}  // namespace corpora
