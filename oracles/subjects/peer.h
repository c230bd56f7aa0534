// Peer: another library that has a subject's operators, PyTorch; it runs the paths with the layer `peer`.
// Promises: nothing is loaded before the first use, and a build without the plug-in gets the reason. Refuses
// operators that the library does not have, or has with another schema.
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

  static bool is_asked(const corpora::Path& path);

  // Empty when it is ready; otherwise why not. The first call loads it.
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
  std::optional<std::string> missing_;                           // once tried
  std::map<std::string, std::string, std::less<>> differences_;  // by operator: why it is another one there
};

}  // namespace oracles
