#include "oracles/subjects/peer.h"

#include <algorithm>

#include "engine/core/input_error.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

namespace {

corpora::Path without_peer(corpora::Path path) {
  std::erase(path, corpora::Layer{corpora::LayerKind::peer});
  return path;
}

// A symbolic integer accepts the same values as an integer.
engine::Type without_symbols(engine::Type type) {
  if (type.kind == engine::TypeKind::sym_int) type.kind = engine::TypeKind::integer;
  for (engine::Type& element : type.elements) element = without_symbols(std::move(element));
  return type;
}

bool same_types(const std::vector<engine::Argument>& ours, const std::vector<engine::Argument>& theirs) {
  return std::ranges::equal(ours, theirs, [](const engine::Argument& one, const engine::Argument& other) {
    return without_symbols(one.type) == without_symbols(other.type) && one.is_write() == other.is_write();
  });
}

}  // namespace

bool Peer::is_requested(const corpora::Path& path) { return has_layer(path, corpora::LayerKind::peer); }

const std::string& Peer::missing() {
  if (missing_) return *missing_;
  missing_.emplace();
  if (!make_) return *(missing_ = "the subject was made without a peer");
  try {
    library_ = make_();
  } catch (const engine::InputError& error) {
    missing_ = std::string("PyTorch is not available: ") + error.what();
  }
  return *missing_;
}

const std::string& Peer::difference_of(const std::string& op) {
  const auto known = differences_.find(op);
  if (known != differences_.end()) return known->second;
  const corpora::Operator* ours = ours_.find(op);
  const corpora::Operator* theirs = library_->catalog().find(op);
  std::string why;
  if (!ours || !theirs)
    why = "PyTorch has no operator " + op;
  else if (!same_types(ours->schema.arguments, theirs->schema.arguments) ||
           !same_types(ours->schema.returns, theirs->schema.returns))
    why = op + " has a different schema in PyTorch: " + engine::to_string(theirs->schema);
  return differences_.emplace(op, std::move(why)).first->second;
}

std::string Peer::refuses(const corpora::Case& c, const corpora::Path& path) {
  if (!missing().empty()) return missing();
  for (const corpora::Call& call : c.calls)
    if (const std::string& why = difference_of(call.op); !why.empty()) return why;
  return library_->refuses(c, without_peer(path));
}

Accuracy Peer::accuracy(std::string_view op, engine::DTypeClass of) const {
  return library_->accuracy(op, of, {});
}

Outcome Peer::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  return library_->run(c, image, without_peer(path));
}

}  // namespace oracles
