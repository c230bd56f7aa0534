// Image: a case's storages expanded once to bytes. Every run of the case copies from it, so that both
// sides of a check start from the same bits. Expansion uses integer arithmetic and table look-ups only.
#pragma once

#include <cstddef>
#include <vector>

#include "corpora/case/case.h"

namespace corpora {

struct Image {
  std::vector<std::vector<std::byte>> storages;  // in the order of Case::storages
};

Image image_of(const Case& c);

// One element as text that reads back exactly: integers in decimal, floats as C hex floats, complex as (re,im).
std::string element_text(engine::DType dtype, const std::byte* element);

}  // namespace corpora
