#include "fuzz/campaign/lessons.h"

#include <xxhash.h>

#include <cctype>

namespace fuzz {

uint64_t Lessons::error_of(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) letters += c;
  return XXH3_64bits(letters.data(), letters.size());
}

void Lessons::learn(uint64_t chunk, std::span<const End> ends,
                    const std::function<corpora::Case(uint64_t)>& draw) {
  for (const End& end : ends) {
    const auto at = operators_.try_emplace(std::string(end.op)).first;
    OfOperator& of_op = at->second;
    ++of_op.drawn;
    of_op.accepted += end.accepted;
    if (of_op.rejects_most()) {
      if (end.accepted && of_op.accepted_calls.size() < most_accepted)
        of_op.accepted_calls.push_back({chunk, draw(end.index)});
      else if (!end.accepted && of_op.errors.size() < most_refused && of_op.errors.insert(end.error).second)
        of_op.refused_calls.push_back({chunk, draw(end.index)});
    }
    const bool hard = of_op.drawn >= enough_drawn && 4 * of_op.accepted < of_op.drawn;
    if (hard && of_op.since == UINT64_MAX) of_op.since = chunk;
  }
}

corpora::Attempts Lessons::of(std::string_view op, uint64_t chunk) const {
  corpora::Attempts attempts;
  const auto found = operators_.find(op);
  const uint64_t end = taught_before(chunk);
  if (found == operators_.end() || found->second.since >= end) return attempts;
  for (const Lesson& lesson : found->second.accepted_calls)
    if (lesson.chunk < end) attempts.accepted.push_back(&lesson.c);
  for (const Lesson& lesson : found->second.refused_calls)
    if (lesson.chunk < end) attempts.refused.push_back(&lesson.c);
  return attempts;
}

}  // namespace fuzz
