#include "corpora/case/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "corpora/case/call_fits.h"
#include "corpora/case/import.h"
#include "corpora/case/text.h"
#include "corpora/case/text_cursor.h"
#include "corpora/case/text_file.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view expected_file =
    "a .case file, a folder of .case files, or a log of operator inputs";

// NAME:LINE:COLUMN of the statement of call `k`.
std::string place_of_call(std::string_view text, const std::string& name, size_t k) {
  const size_t at = text.find(fmt::format("\ncall r{} ", k));
  const size_t start = at == text.npos ? 0 : at + 1;
  return fmt::format("{}:{}:1", name, Cursor(text, name).line_of(start));
}

void require_fit(const Case& c, std::string_view text, const std::string& name, const Catalog& catalog) {
  if (c.calls.empty() || !c.program.empty())
    throw engine::InputError(name, "the case calls no operator; a sample is a call, or a program of calls");
  for (size_t k = 0; k < c.calls.size(); ++k) {
    const Operator* op = catalog.find(c.calls[k].op);
    if (!op)
      throw engine::InputError(
          place_of_call(text, name, k),
          fmt::format("'{}' is not an operator of the subject; `faultline list ops` shows all",
                      c.calls[k].op));
    if (const std::string why = misfit(c.calls[k], op->schema); !why.empty())
      throw engine::InputError(place_of_call(text, name, k), why);
  }
}

// The .case files of the folder and of its subfolders, sorted by name.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".case")
      files.push_back(entry.path().string());
  if (files.empty()) throw engine::InputError(folder, "the folder contains no .case file");
  std::ranges::sort(files);
  return files;
}

}  // namespace

Samples Samples::read(const std::vector<std::string>& places, const Catalog& catalog,
                      std::vector<std::string>& left_out) {
  Samples samples;
  for (const std::string& place : places) {
    const bool is_folder = fs::is_directory(place);
    for (const std::string& file : is_folder ? files_in(place) : std::vector{place}) {
      const std::string text = text_of_file(file, expected_file);
      if (fs::path(file).extension() == ".case") {
        Case c = parse_case(text, file);
        require_fit(c, text, file, catalog);
        samples.add(std::move(c));
        continue;
      }
      Imported imported = import_trace(text, file, catalog);
      for (const SkippedCall& skipped : imported.skipped) {
        const std::string where = fmt::format("{}:{}:{}", file, skipped.line, skipped.column);
        if (skipped.wrong) throw engine::InputError(where, fmt::format("{}: {}", skipped.op, skipped.why));
        left_out.push_back(fmt::format("{}: {}: {}", where, skipped.op, skipped.why));
      }
      for (Case& c : imported.cases) samples.add(std::move(c));
    }
  }
  return samples;
}

void Samples::add(Case c) {
  c.header = {};
  by_operator_[c.calls.back().op].push_back(cases_.size());
  cases_.push_back(std::move(c));
}

std::vector<const Case*> Samples::of(std::string_view op) const {
  std::vector<const Case*> found;
  if (const auto indices = by_operator_.find(op); indices != by_operator_.end())
    for (const size_t index : indices->second) found.push_back(&cases_[index]);
  return found;
}

std::string Samples::text() const {
  std::string all;
  for (const Case& c : cases_) all += to_text(c);
  return all;
}

}  // namespace corpora
