#include "properties/torch_catalog.h"

#include <filesystem>

#include "corpora/case/draw.h"
#include "corpora/domains/domains.h"
#include "oracles/make_subject.h"

namespace properties {

bool has_torch() { return std::filesystem::exists(FAULTLINE_BINARY_DIR "/lib/libfaultline_torch.so"); }

const corpora::Catalog& torch_catalog() {
  static const auto subject = oracles::make_subject("torch", {});
  return subject->catalog();
}

corpora::Case drawn(uint64_t seed, uint64_t op, uint64_t index) {
  static const auto drawable = corpora::select(torch_catalog(), {});
  const uint64_t chosen = op % drawable.size();
  corpora::PhiloxChoices choices(seed, chosen, index);
  return corpora::draw(torch_catalog(), torch_catalog().operators()[drawable[chosen]],
                       corpora::Domains::torch(), choices);
}

}  // namespace properties
