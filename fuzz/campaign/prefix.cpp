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

bool shows_from(Run& run, const Pending& pending, uint64_t first) {
  const oracles::Signature& signature = pending.detection.signature;
  const auto last = static_cast<uint32_t>(pending.detection.origin.index - first);
  ChunkMemory memory(run.options.oracles.size());
  bool shown = false;
  const Judged judged = [&](uint32_t i, size_t o, const corpora::Case&, const oracles::Verdict& verdict) {
    if (i != last || run.options.oracles[o]->name != signature.oracle) return true;
    shown = verdict.is_detection() && verdict.divergence.kind == signature.kind &&
            verdict.divergence.op == signature.op;
    return false;
  };
  const oracles::ChildAnswer answer = oracles::run_in_child(run.limits(), [&] {
    judge_cases(run, memory, first, {}, last + 1, judged);
    return std::string(shown ? "shown" : "");
  });
  if (!answer.death) return answer.text == "shown";
  return kind_of(answer.death->cause) == signature.kind && memory.journal().at_case.load() == last;
}

corpora::Value shifted(corpora::Value value, int32_t inputs, int32_t calls) {
  corpora::for_each_tensor(value, [&](corpora::TensorRef& ref) {
    if (ref.is_input()) {
      ref.index += inputs;
    } else {
      ref.call += calls;
    }
  });
  return value;
}

}  // namespace

std::optional<uint64_t> shortest_prefix(Run& run, const Pending& pending) {
  const uint64_t index = pending.detection.origin.index;
  const uint64_t began = pending.process_began;
  if (pending.run != run.key || began >= index || index - began >= kChunkCases) return std::nullopt;
  // Twice as many each time, then halving: what shows after some cases is taken to show after more.
  uint64_t too_few = 0, enough = 1;
  while (!shows_from(run, pending, index - enough)) {
    if (enough == index - began) return std::nullopt;
    too_few = enough;
    enough = std::min(2 * enough, index - began);
  }
  while (enough - too_few > 1) {
    const uint64_t middle = (too_few + enough) / 2;
    (shows_from(run, pending, index - middle) ? enough : too_few) = middle;
  }
  return index - enough;
}

corpora::Case joined(const std::vector<corpora::Case>& cases) {
  corpora::Case all;
  for (const corpora::Case& c : cases) {
    const auto storages = static_cast<int32_t>(all.storages.size());
    const auto inputs = static_cast<int32_t>(all.inputs.size());
    const auto calls = static_cast<int32_t>(all.calls.size());
    all.header = c.header;
    for (corpora::Layer& layer : all.header.path) {
      if (corpora::names_a_storage(layer.kind)) layer.storage += storages;
    }
    all.storages.insert(all.storages.end(), c.storages.begin(), c.storages.end());
    for (corpora::Input input : c.inputs) {
      input.storage += storages;
      all.inputs.push_back(std::move(input));
    }
    for (corpora::Call call : c.calls) {
      for (corpora::Value& value : call.arguments) value = shifted(std::move(value), inputs, calls);
      all.calls.push_back(std::move(call));
    }
  }
  return all;
}

}  // namespace fuzz
