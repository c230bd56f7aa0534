// Compiler: compiles C source with the system's C compiler, loads it, and keeps what it compiled in a folder.
// Promises: a kernel that the folder has is loaded and not compiled again; a file is complete or absent, also
// if processes compile at the same time or are killed; a file of another program is not used; the folder
// keeps about 16,000 kernels. Throws EnvironmentError with one line if there is no compiler, or if it fails.
// Refuses a folder that another user could write. Why C: measured on one kernel of 8 steps, gcc takes 20 ms,
// clang's passes alone, as LLVM's ORC would run them, 8 ms; a file that the folder has is loaded in 0.1 ms. C
// needs no library of 100 MB, and its calls of the C library are those of the engine's own kernels.
#pragma once

#include <memory>
#include <string>

#include "engine/fuser/c_source.h"

namespace engine::fuser {

class CompiledKernel {
 public:
  CompiledKernel(void* library, FusedFunction loaded) : library_(library), function_(loaded) {}
  ~CompiledKernel();
  CompiledKernel(const CompiledKernel&) = delete;
  CompiledKernel& operator=(const CompiledKernel&) = delete;

  FusedFunction function() const { return function_; }

 private:
  void* library_;
  FusedFunction function_;
};

class Compiler {
 public:
  // `command` is looked up in PATH. `folder` is made if it does not exist.
  Compiler(const std::string& command, std::string folder);

  std::shared_ptr<const CompiledKernel> kernel(const std::string& text, const std::string& source) const;

  // $FAULTLINE_KERNELS, or a folder of the user's cache.
  static std::string usual_folder();

 private:
  std::shared_ptr<const CompiledKernel> load(const std::string& file, const std::string& text) const;
  void compile(const std::string& source, const std::string& file) const;

  std::string path_;      // empty: there is no such command
  std::string identity_;  // of this version of the compiler
  std::string command_, folder_;
};

}  // namespace engine::fuser
