#include "oracles/trial/trial.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "engine/core/input_error.h"

namespace oracles {

namespace {

// The content as bytes, to be hashed at once. Lengths are part of it, so that different contents have
// different bytes.
class ContentBytes {
 public:
  void add(uint64_t x) { buffer_.append(reinterpret_cast<const char*>(&x), sizeof x); }
  void add(double x) { buffer_.append(reinterpret_cast<const char*>(&x), sizeof x); }
  void add(std::string_view text) {
    add(uint64_t{text.size()});
    buffer_.append(text);
  }
  void add(const engine::Dims& dims) {
    add(uint64_t{dims.size()});
    buffer_.append(reinterpret_cast<const char*>(dims.data()), dims.size() * sizeof(int64_t));
  }
  void add(const corpora::Value& value) {
    add(static_cast<uint64_t>(value.kind) << 32 | static_cast<uint64_t>(value.dtype));
    add(static_cast<uint64_t>(value.tensor.call) << 32 ^ static_cast<uint32_t>(value.tensor.index));
    add(static_cast<uint64_t>(value.integer));
    add(value.real);
    add(value.imaginary);
    add(value.text);
    add(uint64_t{value.list.size()});
    for (const auto& element : value.list) add(element);
  }
  uint64_t hash() const { return XXH3_64bits(buffer_.data(), buffer_.size()); }

 private:
  std::string buffer_;
};

}  // namespace

uint64_t content_hash(const corpora::Case& c) {
  ContentBytes content;
  for (const auto& storage : c.storages) {
    content.add(static_cast<uint64_t>(storage.dtype) << 32 | static_cast<uint64_t>(storage.rule));
    content.add(static_cast<uint64_t>(storage.elements));
    content.add(storage.rng_seed);
    content.add(std::string_view(reinterpret_cast<const char*>(storage.bytes.data()), storage.bytes.size()));
  }
  for (const auto& input : c.inputs) {
    content.add(static_cast<uint64_t>(input.storage));
    content.add(input.sizes);
    content.add(input.strides);
    content.add(static_cast<uint64_t>(input.offset));
  }
  for (const auto& statement : c.program) content.add(corpora::to_text(statement));
  for (const auto& call : c.calls) {
    content.add(std::string_view(call.op));
    for (const auto& argument : call.arguments) content.add(argument);
  }
  return content.hash();
}

Trial::Trial(Subject& subject, const corpora::Case& c)
    : subject_(subject), case_(c), image_(corpora::image_of(c)) {
  operators_.reserve(c.calls.size());
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const corpora::Call& call = c.calls[i];
    const corpora::Operator* op = subject.catalog().find(call.op);
    if (op == nullptr)
      throw engine::InputError(fmt::format("call {}", i),
                               fmt::format("subject {} has no operator {}", subject.name(), call.op));
    if (op->schema.arguments.size() != call.arguments.size())
      throw engine::InputError(fmt::format("call {}", i),
                               fmt::format("{} takes {} arguments, not {}", call.op,
                                           op->schema.arguments.size(), call.arguments.size()));
    operators_.push_back(op);
  }
}

const Outcome& Trial::direct() {
  if (!direct_) direct_ = run({});
  return *direct_;
}

const std::vector<TensorUse>& Trial::uses() {
  if (!uses_) uses_ = tensor_uses(case_, operators_, direct());
  return *uses_;
}

const Outcome& Trial::direct_other_pattern() {
  if (!direct_other_pattern_) direct_other_pattern_ = run({{corpora::LayerKind::pattern}});
  return *direct_other_pattern_;
}

Outcome Trial::run(const corpora::Path& path) { return run(case_, image_, path, path); }

Outcome Trial::run(const corpora::Case& other, const corpora::Path& path, const corpora::Path& journal_path) {
  return run(other, corpora::image_of(other), path, journal_path);
}

Outcome Trial::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path,
                   const corpora::Path& journal_path) {
  if (before_run) before_run(journal_path);
  Outcome outcome = subject_.run(c, image, path);
  if (after_run) after_run(c, outcome);
  return outcome;
}

corpora::PhiloxChoices Trial::choices(uint64_t stream) const {
  if (!content_hash_) content_hash_ = content_hash(case_);
  return {*content_hash_, stream, 0};
}

}  // namespace oracles
