#include "fuzz/campaign/prefix.h"

#include <algorithm>

#include "fuzz/campaign/chunk_memory.h"

namespace fuzz {
namespace {

using oracles::Death;
using oracles::Kind;

Kind kind_of(Death::Cause cause) {
  if (cause == Death::Cause::timeout) return Kind::timeout;
  return cause == Death::Cause::memory ? Kind::memory : Kind::crash;
}

// Whether the last of these cases, judged in one process, shows the detection.
bool shows_after(Run& run, const Pending& pending, Turns turns) {
  const oracles::Signature& signature = pending.detection.signature;
  const auto last = static_cast<uint32_t>(turns.size() - 1);
  ChunkMemory memory(run.options.oracles.size());
  bool shown = false;
  const Judged judged = [&](uint32_t i, size_t o, const corpora::Case&, const oracles::Verdict& verdict) {
    if (i != last || run.options.oracles[o]->name != signature.oracle) return true;
    shown = verdict.is_detection() && verdict.divergence.kind == signature.kind &&
            verdict.divergence.op == signature.op;
    return false;
  };
  const oracles::ChildAnswer answer = oracles::run_in_child(run.limits(), [&] {
    judge_cases(run, memory, turns, {}, judged);
    return std::string(shown ? "shown" : "");
  });
  if (!answer.death) return answer.text == "shown";
  return kind_of(answer.death->cause) == signature.kind && memory.journal().at_turn.load() == last;
}

}  // namespace

std::vector<uint64_t> shortest_prefix(Run& run, const Pending& pending) {
  if (pending.run != run.key) return {};
  const uint64_t index = pending.detection.origin.index;
  const std::vector<uint64_t> chunk = run.order.turns(index / kChunkCases, 0);
  const auto began = std::find(chunk.begin(), chunk.end(), pending.process_began);
  const auto end = std::find(chunk.begin(), chunk.end(), index);
  if (began >= end) return {};
  const std::vector<uint64_t> ran(began, end + 1);
  const auto shows = [&](size_t before) { return shows_after(run, pending, Turns(ran).last(before + 1)); };
  // Doubling, then bisection: this assumes that what shows after some cases also shows after more.
  const size_t most = ran.size() - 1;
  size_t too_few = 0, enough = 1;
  while (!shows(enough)) {
    if (enough == most) return {};
    too_few = enough;
    enough = std::min(2 * enough, most);
  }
  while (enough - too_few > 1) {
    const size_t middle = (too_few + enough) / 2;
    (shows(middle) ? enough : too_few) = middle;
  }
  const std::vector<uint64_t> first_and_last{*(ran.end() - 1 - static_cast<std::ptrdiff_t>(enough)), index};
  if (enough > 1 && shows_after(run, pending, first_and_last)) return {first_and_last.front()};
  return {ran.end() - 1 - static_cast<std::ptrdiff_t>(enough), ran.end() - 1};
}

}  // namespace fuzz
