// Respelling: the last call of a case with one argument in an equivalent spelling: a dimension counted from
// the other end, None or an undefined tensor, None or the option that it means, a list of equal numbers or
// one of them, a whole number or a real one. Each has a number, the n of the path layer form(n), which
// consists of its kind and of the argument's place, so that replays and smaller cases use the same spelling.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "oracles/trial/trial.h"

namespace oracles {

struct Respelling {
  enum class Kind : uint8_t { dimension, undefined, option, list, number };
  Kind kind = Kind::dimension;
  size_t argument = 0;
  corpora::Value value;  // the other spelling

  int32_t form() const;
};

// Of the last call, after a direct run that returned. In the order of the arguments.
std::vector<Respelling> respellings(Trial& trial);

corpora::Case respelled(const corpora::Case& c, const Respelling& respelling);

// Whether the argument really is a dimension of the first tensor: the call accepts its last dimension, and
// rejects the next one. It may be a dimension of the result, a count, or anything else. Of dimensions before
// the first one, it rejects all or, because it mistakes negative ones, none.
bool is_dimension(Trial& trial, const Respelling& respelling, const corpora::Path& journal_path);

// Whether the call rejects every dimension that is counted from the same end as in the respelling.
bool rejects_that_end(Trial& trial, const Respelling& respelling, const corpora::Path& journal_path);

}  // namespace oracles
