// SignaturesSeen: the lowest case indices of each signature that are known to be on disk, so that a detection
// that would not be kept is not written. A missing entry costs time and never changes a result.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fuzz/campaign/pending.h"

namespace fuzz {

class SignaturesSeen {
 public:
  // False if enough detections of the signature have lower indices.
  bool worth_writing(const std::string& signature, uint64_t index) const {
    const auto found = lowest_.find(signature);
    return found == lowest_.end() || found->second.size() < kKeptPerSignature || index < found->second.back();
  }
  void add(const std::string& signature, uint64_t index) {
    std::vector<uint64_t>& indices = lowest_[signature];
    const auto at = std::ranges::lower_bound(indices, index);
    if (at != indices.end() && *at == index) return;
    indices.insert(at, index);
    if (indices.size() > kKeptPerSignature) indices.pop_back();
  }

 private:
  std::map<std::string, std::vector<uint64_t>> lowest_;
};

}  // namespace fuzz
