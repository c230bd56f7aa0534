// AuthorFlags: what an author of operators knows and says with --domains, --tolerances and --samples: which
// arguments make sense, how accurate results are, and calls to start from.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "corpora/case/samples.h"
#include "oracles/subject.h"

namespace cli {

// --tolerances FILE, for the commands that judge cases.
void add_tolerances(CLI::App& app, std::vector<std::string>& files);

struct AuthorFlags {
  std::vector<std::string> domains;
  std::vector<std::string> samples;

  void add_to(CLI::App& app);
  // The subject's domains, followed by those of the files. Throws InputError FILE:LINE:COLUMN.
  corpora::Domains domains_for(const oracles::Subject& subject) const;
  // The samples of the selected operators. Prints a line for each call of a log that a case cannot hold, and
  // how many samples are of other operators.
  corpora::Samples samples_for(const oracles::Subject& subject, const std::vector<size_t>& operators) const;
};

}  // namespace cli
