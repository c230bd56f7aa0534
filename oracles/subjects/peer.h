// Peer: another library that has a subject's operators, PyTorch, which runs the paths with the layer `peer`.
// Promises: loads nothing before the first use; without the plug-in it returns the reason. Refuses operators
// that the library does not have, or has with a different schema.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "oracles/subject.h"

namespace oracles {

class Peer {
 public:
  using Make = std::function<std::unique_ptr<Subject>()>;  // throws InputError; null: there is no peer

  // `ours` outlives the peer.
  Peer(const corpora::Catalog& ours, Make make) : ours_(ours), make_(std::move(make)) {}

  static bool is_requested(const corpora::Path& path);

  // Why there is no peer; empty if it is ready. The first call loads it.
  const std::string& missing();
  // The layer `peer` is removed from the path.
  std::string refuses(const corpora::Case& c, const corpora::Path& path);
  Accuracy accuracy(std::string_view op, engine::DTypeClass of) const;  // of the library, once loaded
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

 private:
  const std::string& difference_of(const std::string& op);

  const corpora::Catalog& ours_;
  Make make_;
  std::unique_ptr<Subject> library_;
  std::optional<std::string> missing_;                           // after the first call
  std::map<std::string, std::string, std::less<>> differences_;  // by operator; empty: the same operator
};

}  // namespace oracles
