#include "engine/fuser/kernel_cache.h"

namespace engine::fuser {

KernelPtr KernelCache::find(const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(text);
  if (found == entries_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return recent_.front().kernel;
}

void KernelCache::keep(const std::string& text, const KernelPtr& kernel) {
  const std::lock_guard lock(mutex_);
  recent_.push_front({text, kernel});
  entries_[text] = recent_.begin();
  while (recent_.size() > most_) {
    entries_.erase(recent_.back().text);
    recent_.pop_back();
  }
}

size_t KernelCache::size() const {
  const std::lock_guard lock(mutex_);
  return recent_.size();
}

KernelPtr KernelCache::kernel(const KernelProgram& program) {
  const std::string text = text_of(program);
  if (KernelPtr kept = find(text)) return kept;
  const std::lock_guard one_compiles(compiling_);
  if (KernelPtr kept = find(text)) return kept;
  KernelPtr made = compiler_.kernel(text, writer_(program));
  keep(text, made);
  return made;
}

}  // namespace engine::fuser
