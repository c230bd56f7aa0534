#include "corpora/case/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "engine/core/input_error.h"

namespace corpora {

namespace {

// How a pattern of --ops is read (see select).
struct Pattern {
  std::string glob;
  bool wild = false;  // as the user wrote it
};

Pattern read_pattern(const std::string& written) {
  const bool wild = written.find_first_of("*?") != std::string::npos;
  if (written.find("::") != std::string::npos) return {written, wild};
  const bool bare = !wild && written.find('.') == std::string::npos;
  return {"aten::" + written + (bare ? "*" : ""), wild};
}

std::vector<size_t> matching(const Catalog& catalog, const std::string& glob) {
  std::vector<size_t> matches;
  for (size_t i = 0; i < catalog.operators().size(); ++i)
    if (glob_match(glob, catalog.operators()[i].name)) matches.push_back(i);
  return matches;
}

std::vector<size_t> selected_by(const Catalog& catalog, const std::string& written) {
  const Pattern pattern = read_pattern(written);
  std::vector<size_t> matches = matching(catalog, pattern.glob);
  // "aten::add" where every operator of that name has an overload: all of them.
  if (matches.empty() && !pattern.wild) matches = matching(catalog, pattern.glob + ".*");
  if (written.empty() || matches.empty())
    throw engine::InputError(
        "--ops", fmt::format("no operator matches '{}'; `faultline list ops` shows all", written));
  // A wildcard does not name what touches files or networks, unless there is nothing else it could mean.
  if (pattern.wild) {
    std::vector<size_t> within;
    for (size_t i : matches)
      if (!catalog.operators()[i].off_limits) within.push_back(i);
    if (!within.empty()) return within;
  }
  return matches;
}

}  // namespace

Catalog::Catalog(std::vector<Operator> operators) : operators_(std::move(operators)) {
  for (Operator& op : operators_)
    if (op.name.empty()) op.name = op.schema.qualified();
  std::sort(operators_.begin(), operators_.end(),
            [](const Operator& a, const Operator& b) { return a.name < b.name; });
  static std::atomic<uint32_t> numbered;
  for (Operator& op : operators_) op.number = ++numbered;
}

const Operator* Catalog::find(std::string_view qualified) const {
  const auto found =
      std::lower_bound(operators_.begin(), operators_.end(), qualified,
                       [](const Operator& op, std::string_view name) { return op.name < name; });
  return found != operators_.end() && found->name == qualified ? &*found : nullptr;
}

std::vector<size_t> select(const Catalog& catalog, const std::vector<std::string>& patterns) {
  std::vector<char> chosen(catalog.operators().size(), patterns.empty());
  if (patterns.empty())
    for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = !catalog.operators()[i].off_limits;
  for (const std::string& written : patterns)
    for (size_t i : selected_by(catalog, written)) chosen[i] = true;
  std::vector<size_t> indices;
  for (size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) indices.push_back(i);
  return indices;
}

// Greedy: only the last star is ever tried again, so the time is at most |pattern| * |text|.
bool glob_match(std::string_view pattern, std::string_view text) {
  size_t p = 0, t = 0;
  size_t star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace corpora
