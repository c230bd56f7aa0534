// Peer: another library that has a subject's operators, PyTorch, behind the paths with the layer `peer`.
// Promises: nothing is loaded before it is asked for, and a build without the plug-in only hears so. Refuses
// operators that the library does not have, or has with another schema.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "oracles/subject.h"

namespace oracles {

class Peer {
 public:
  // `ours` outlives the peer.
  Peer(const corpora::Catalog& ours, int64_t memory_mib) : ours_(ours), memory_mib_(memory_mib) {}

  static bool is_asked(const corpora::Path& path);

  // Empty when it stands ready; otherwise why not. Loads it at first.
  const std::string& missing();
  // Paths name the peer; it walks what else they say.
  std::string refuses(const corpora::Case& c, const corpora::Path& path);
  Accuracy accuracy(std::string_view op, engine::DTypeClass of) const;  // of the library, once loaded
  Outcome run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

 private:
  const std::string& difference_of(const std::string& op);

  const corpora::Catalog& ours_;
  int64_t memory_mib_;
  std::unique_ptr<Subject> library_;
  std::optional<std::string> missing_;                           // once tried
  std::map<std::string, std::string, std::less<>> differences_;  // by operator: why it is another one there
};

}  // namespace oracles
