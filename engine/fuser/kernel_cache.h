// KernelCache: compiled kernels by their program's text. Promises: bounded: the kernel that was not requested
// for the longest time is dropped, and unloaded when nothing runs it; safe to use from many threads, of which
// one compiles a program and others wait for no more than that. Throws EnvironmentError as the compiler does.
#pragma once

#include <list>
#include <mutex>
#include <unordered_map>

#include "engine/fuser/compiler.h"

namespace engine::fuser {

using KernelPtr = std::shared_ptr<const CompiledKernel>;
// Writes the C source of a program.
using SourceWriter = std::string (*)(const KernelProgram&);

class KernelCache {
 public:
  KernelCache(Compiler compiler, SourceWriter writer, size_t most)
      : compiler_(std::move(compiler)), writer_(writer), most_(most) {}

  KernelPtr kernel(const KernelProgram& program);
  size_t size() const;

 private:
  struct Entry {
    std::string text;
    KernelPtr kernel;
  };

  KernelPtr find(const std::string& text);
  void keep(const std::string& text, const KernelPtr& kernel);

  Compiler compiler_;
  SourceWriter writer_;
  size_t most_;
  mutable std::mutex mutex_;
  std::mutex compiling_;
  std::list<Entry> recent_;  // most recently requested first
  std::unordered_map<std::string, std::list<Entry>::iterator> entries_;
};

}  // namespace engine::fuser
