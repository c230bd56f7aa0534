// SubjectChoice: the flags --subject, --load, --memory and --device of commands that build a subject.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "oracles/subject.h"

namespace cli {

struct SubjectChoice {
  SubjectChoice();

  std::string subject;  // engine; in Python torch
  std::vector<std::string> load;
  std::string device = "cpu";
  int64_t memory_mib = 256;
  std::string plant;                    // a planted bug of the engine
  std::vector<std::string> tolerances;  // files; add_to() adds no flag for them

  void add_to(CLI::App& app);
  std::unique_ptr<oracles::Subject> make() const;
  // Of `load`, as in the header of a case: absolute, but "python:NAME" as it is.
  std::vector<std::string> loaded_paths() const;
  std::vector<std::string> tolerances_paths() const;  // absolute
  // The sorted names of the operators that the subject has without any --load. A child lists them, because a
  // process cannot unload a library.
  std::vector<std::string> operators_without_load() const;
};

}  // namespace cli
