#include "engine/fuser/compiler.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/core/environment_error.h"

extern char** environ;

namespace engine::fuser {

namespace {

namespace fs = std::filesystem;

uint64_t hash_of(std::string_view text, uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string found_in_path(const std::string& command) {
  if (command.find('/') != std::string::npos) return access(command.c_str(), X_OK) == 0 ? command : "";
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const std::string file = folder + "/" + command; access(file.c_str(), X_OK) == 0) return file;
  return "";
}

// Changes with every new version of the compiler.
std::string identity_of(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  struct stat status{};
  if (error || stat(real.c_str(), &status) != 0) return path;
  return fmt::format("{} {} {}", real.string(), status.st_size, status.st_mtime);
}

void make_private_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(fs::path(folder).parent_path(), error);
  mkdir(folder.c_str(), S_IRWXU);
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    throw EnvironmentError("cannot make the folder of compiled kernels " + folder);
  if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw EnvironmentError("another user could write the folder of compiled kernels " + folder);
}

std::string first_line_of(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Waits for the compiler. Its messages go to `log`.
bool run_compiler(const std::string& path, const std::vector<std::string>& arguments,
                  const std::string& log) {
  std::vector<char*> words;
  words.push_back(const_cast<char*>(path.c_str()));
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   S_IRUSR | S_IWUSR);
  pid_t child = 0;
  const int failed = posix_spawn(&child, path.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

constexpr size_t files_max = 16384;  // about 250 MB

// Files that only this process and thread writes.
std::string temporary_name(const std::string& folder) {
  static std::atomic<uint64_t> next{0};
  return fmt::format("{}/new-{}-{}", folder, getpid(), next++);
}

// Removes the files that were made first, if there are too many. One in 64 new kernels
// looks, because that reads the whole folder.
void bound_folder(const std::string& folder, const std::string& made, size_t most) {
  if (hash_of(made, 0) % 64 != 0) return;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (const fs::file_time_type time = entry.last_write_time(error); !error)
      files.emplace_back(time, entry.path());
  if (files.size() <= most) return;
  std::sort(files.begin(), files.end());
  for (size_t i = 0; i < files.size() - most / 2; ++i) fs::remove(files[i].second, error);
}

}  // namespace

CompiledKernel::~CompiledKernel() { dlclose(library_); }

Compiler::Compiler(const std::string& command, std::string folder)
    : path_(found_in_path(command)), command_(command), folder_(std::move(folder)) {
  if (!path_.empty()) identity_ = identity_of(path_);
  for (const std::string& flag : c_flags) identity_ += " " + flag;
}

std::string Compiler::usual_folder() {
  if (const char* folder = std::getenv("FAULTLINE_KERNELS")) return folder;
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) return std::string(cache) + "/faultline-kernels";
  if (const char* home = std::getenv("HOME")) return std::string(home) + "/.cache/faultline-kernels";
  return fmt::format("/tmp/faultline-kernels-{}", geteuid());
}

std::shared_ptr<const CompiledKernel> Compiler::load(const std::string& file, const std::string& text) const {
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) return nullptr;
  const auto* const key = static_cast<const char*>(dlsym(library, key_name));
  void* const function = dlsym(library, function_name);
  if (!key || !function || text != key) {
    dlclose(library);
    return nullptr;
  }
  return std::make_shared<CompiledKernel>(library, reinterpret_cast<FusedFunction>(function));
}

void Compiler::compile(const std::string& source, const std::string& file) const {
  const std::string temporary = temporary_name(folder_);
  const std::string written = temporary + ".c", made = temporary + ".so", log = temporary + ".log";
  std::ofstream(written) << source;
  std::vector<std::string> arguments = c_flags;
  for (const std::string& each : {written, std::string("-o"), made, std::string("-lm")})
    arguments.push_back(each);
  const bool compiled = run_compiler(path_, arguments, log);
  const std::string message = compiled ? "" : first_line_of(log);
  if (compiled) {
    rename(made.c_str(), file.c_str());
    bound_folder(folder_, file, files_max);
  }
  for (const std::string& each : {written, made, log}) unlink(each.c_str());
  if (!compiled) throw EnvironmentError(fmt::format("{} failed: {}", path_, message));
}

std::shared_ptr<const CompiledKernel> Compiler::kernel(const std::string& text,
                                                       const std::string& source) const {
  make_private_folder(folder_);
  const std::string content = source + identity_;
  const std::string file = fmt::format("{}/{:016x}{:016x}.so", folder_, hash_of(content, 0xcbf29ce484222325),
                                       hash_of(content, 0x9e3779b97f4a7c15));
  if (auto kept = load(file, text)) return kept;
  if (path_.empty()) throw EnvironmentError("there is no C compiler: '" + command_ + "' is not in PATH");
  compile(source, file);
  auto made = load(file, text);
  if (!made) throw EnvironmentError("cannot load the compiled kernel " + file);
  return made;
}

}  // namespace engine::fuser
