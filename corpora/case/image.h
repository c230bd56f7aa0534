// Image: the bytes of a case's storages, computed once. Every run of the case copies them, so that both sides
// of a check start from the same bits. Each component of each element is a function of (rule, dtype,
// rng_seed, index) in integer arithmetic: the same on every machine and with every compiler.
#pragma once

#include <cstddef>
#include <vector>

#include "corpora/case/case.h"

namespace corpora {

struct Image {
  std::vector<std::vector<std::byte>> storages;  // in the order of Case::storages
};

Image image_of(const Case& c);
std::vector<std::byte> bytes_of(const Storage& storage);

}  // namespace corpora
