#include "fuzz/campaign/chunk_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <new>

#include "engine/core/environment_error.h"

namespace fuzz {

ChunkMemory::ChunkMemory(size_t oracle_count) : oracle_count_(oracle_count) {
  void* memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw engine::EnvironmentError("shared memory for a worker", errno);
  head_ = new (memory) Head;
  checks_ = reinterpret_cast<CheckRecord*>(static_cast<char*>(memory) + sizeof(Head));
  clear();
}

ChunkMemory::~ChunkMemory() { munmap(head_, bytes()); }

void ChunkMemory::clear() {
  new (&head_->journal) Journal;
  for (DirectRecord& record : head_->direct) record = {};
  head_->log_used = 0;
  for (size_t i = 0; i < kChunkCases * oracle_count_; ++i) new (&checks_[i]) CheckRecord;
}

void ChunkMemory::set_error(uint32_t turn, std::string_view error_class, std::string_view message) {
  static_assert(kErrorBytes <= UINT8_MAX);
  char* const begin = head_->error[turn];
  size_t used = 0;
  for (const std::string_view part : {error_class, std::string_view(": "), message}) {
    const size_t fits = std::min(part.size(), kErrorBytes - used);
    std::memcpy(begin + used, part.data(), fits);
    used += fits;
  }
  head_->error_length[turn] = static_cast<uint8_t>(used);
}

std::string_view ChunkMemory::error(uint32_t turn) const {
  return {head_->error[turn], head_->error_length[turn]};
}

void ChunkMemory::record(uint32_t turn, size_t oracle, const oracles::Verdict& verdict) {
  CheckRecord& record = check(turn, oracle);
  record.judgement = static_cast<uint8_t>(verdict.judgement);
  record.reach = static_cast<uint8_t>(verdict.reach);
  // The error of a finding says nothing about how tight the bound is.
  const auto share = static_cast<float>(verdict.worst_share);  // infinite above the largest float
  record.worst_share = verdict.judgement == oracles::Judgement::agree && std::isfinite(share) ? share : 0.0F;
  record.made = 1;
}

void ChunkMemory::log(uint64_t index, std::string_view signature) {
  const size_t needed = sizeof index + sizeof(uint32_t) + signature.size();
  if (head_->log_used + needed > sizeof head_->log) return;
  const auto length = static_cast<uint32_t>(signature.size());
  char* at = head_->log + head_->log_used;
  std::memcpy(at, &index, sizeof index);
  std::memcpy(at + sizeof index, &length, sizeof length);
  std::memcpy(at + sizeof index + sizeof length, signature.data(), length);
  head_->log_used += static_cast<uint32_t>(needed);
}

std::vector<ChunkMemory::Logged> ChunkMemory::logged() const {
  std::vector<Logged> all;
  for (const char* at = head_->log; at < head_->log + head_->log_used;) {
    uint64_t index = 0;
    uint32_t length = 0;
    std::memcpy(&index, at, sizeof index);
    std::memcpy(&length, at + sizeof index, sizeof length);
    at += sizeof index + sizeof length;
    all.push_back({index, std::string(at, length)});
    at += length;
  }
  return all;
}

}  // namespace fuzz
