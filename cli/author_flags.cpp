#include "cli/author_flags.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/flags.h"
#include "corpora/case/text_file.h"

namespace cli {

void add_tolerances(CLI::App& app, std::vector<std::string>& files) {
  add_repeatable(app, "--tolerances", files, "FILE",
                 "how accurate operators are, read before the declared accuracies; may be repeated");
}

void AuthorFlags::add_to(CLI::App& app) {
  add_repeatable(app, "--domains", domains, "FILE",
                 "which arguments make sense for operators, added to the known ones; may be repeated");
  add_repeatable(app, "--samples", samples, "PLACE",
                 "calls to start from: .case files, folders of them, logs of inputs; may be repeated");
}

corpora::Domains AuthorFlags::domains_for(const oracles::Subject& subject) const {
  corpora::Domains all = subject.domains().with({}, {}, subject.catalog());
  for (const std::string& file : domains)
    all = all.with(corpora::text_of_file(file, "a file of domains"), file, subject.catalog());
  return all;
}

corpora::Samples AuthorFlags::samples_for(const oracles::Subject& subject,
                                          const std::vector<size_t>& operators) const {
  const corpora::Catalog& catalog = subject.catalog();
  std::vector<std::string> left_out;
  const corpora::Samples read = corpora::Samples::read(samples, catalog, left_out);
  for (const std::string& line : left_out) fmt::print(stderr, "faultline: left out: {}\n", line);
  corpora::Samples selected;
  for (const corpora::Case& c : read.cases())
    if (std::ranges::any_of(operators,
                            [&](size_t i) { return catalog.operators()[i].name == c.calls.back().op; }))
      selected.add(c);
  if (const size_t others = read.cases().size() - selected.cases().size(); others > 0)
    fmt::print(stderr, "faultline: {} of {} samples are of operators that are not selected\n", others,
               read.cases().size());
  return selected;
}

}  // namespace cli
