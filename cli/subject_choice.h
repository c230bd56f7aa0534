// SubjectChoice: the flags --subject, --load, --memory and --device, shared by every command that builds a
// subject, and the subject they describe.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/subject.h"

namespace cli {

struct SubjectChoice {
  std::string subject = "engine";
  std::vector<std::string> load;
  std::string device = "cpu";
  int64_t memory_mib = 256;
  std::string plant;  // a planted bug of the engine

  void add_to(CLI::App& app);
  std::unique_ptr<oracles::Subject> make() const;
  std::vector<std::string> loaded_paths() const;  // of `load`, absolute, as a case's header names them
  // The sorted names of the operators that the subject has without any --load. A child lists them, because a
  // process cannot unload a library.
  std::vector<std::string> operators_without_load() const;
};

// Adds a flag that takes one value each time it is given, and may be given again.
CLI::Option* add_repeatable(CLI::App& app, const std::string& flag, std::vector<std::string>& values,
                            const std::string& description);

// "a,b,,c" -> a b c, for every argument.
std::vector<std::string> split_commas(const std::vector<std::string>& arguments);

}  // namespace cli
