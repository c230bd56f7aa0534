#include "oracles/subjects/load.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "oracles/subjects/host.h"

namespace oracles {

namespace {

using engine::InputError;

// The system's folders are searched only for a name without a slash.
std::string path_of(const std::string& file) {
  return file.find('/') == std::string::npos ? "./" + file : file;
}

// The linker's message without the file's name, which the error already has.
std::string linker_error(const std::string& file) {
  const std::string said = dlerror();
  const std::string name = path_of(file) + ": ";
  return "cannot be loaded as a shared library: " +
         (said.starts_with(name) ? said.substr(name.size()) : said);
}

LibraryHandle opened(const std::string& file) {
  LibraryHandle library = dlopen(path_of(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw InputError(file, linker_error(file));
  return library;
}

using TryOut = std::function<void(LibraryHandle)>;

// In the child: loads the library, or writes to `out` why it cannot be loaded.
[[noreturn]] void try_loading(const std::string& file, const TryOut& try_out, int out) {
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  LibraryHandle library = dlopen(path_of(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  std::string why = library ? "" : linker_error(file);
  try {
    if (library && try_out) try_out(library);
  } catch (const InputError& bad) {
    why = bad.line();
  } catch (const std::exception& bad) {
    why = bad.what();
  }
  (void)!write(out, why.data(), why.size());
  _exit(why.empty() ? 0 : 1);
}

std::string all_of(int from) {
  std::string text;
  char buffer[4096];
  for (ssize_t got; (got = read(from, buffer, sizeof buffer)) > 0;)
    if (text.size() < 65536) text.append(buffer, static_cast<size_t>(got));
  return text;
}

// The most informative line: the message of an uncaught exception, else the first line that is not empty.
std::string informative_line(const std::string& text) {
  const size_t what = text.find("what():");
  size_t start = what == std::string::npos ? 0 : what + std::strlen("what():");
  while (start < text.size() && (text[start] == ' ' || text[start] == '\n')) ++start;
  return text.substr(start, text.find('\n', start) - start);
}

void check_loads(const std::string& file, const TryOut& try_out) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
  const pid_t child = fork_process();
  if (child < 0) throw engine::EnvironmentError("a new process", errno);
  if (child == 0) try_loading(file, try_out, ends[1]);
  close(ends[1]);
  const std::string said = all_of(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  std::string why = informative_line(said);
  if (WIFSIGNALED(status))
    why = std::string("loading it ends the process (") + strsignal(WTERMSIG(status)) + ")" +
          (why.empty() ? "" : ": " + why);
  throw InputError(file, why.empty() ? "loading it ends the process" : why);
}

}  // namespace

std::vector<LibraryHandle> load_libraries(const std::vector<std::string>& files, const TryOut& try_out) {
  std::vector<LibraryHandle> libraries;
  for (const std::string& file : files) {
    check_loads(file, try_out);
    libraries.push_back(opened(file));
  }
  return libraries;
}

}  // namespace oracles
