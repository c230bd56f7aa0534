#include "corpora/case/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "engine/core/input_error.h"

namespace corpora {

namespace {

std::vector<size_t> matching(const Catalog& catalog, const std::string& glob) {
  std::vector<size_t> matches;
  for (size_t i = 0; i < catalog.operators().size(); ++i)
    if (glob_match(glob, catalog.operators()[i].name)) matches.push_back(i);
  return matches;
}

std::vector<size_t> selected_by(const Catalog& catalog, const std::string& pattern) {
  const bool wild = pattern.find_first_of("*?") != std::string::npos;
  std::string glob = pattern;
  if (glob.find("::") == std::string::npos) {
    const bool bare = !wild && glob.find('.') == std::string::npos;
    glob = "aten::" + glob + (bare ? "*" : "");
  }
  std::vector<size_t> matches = matching(catalog, glob);
  if (matches.empty() && !wild) matches = matching(catalog, glob + ".*");  // all overloads
  if (pattern.empty() || matches.empty())
    throw engine::InputError(
        "--ops", fmt::format("no operator matches '{}'; `faultline list ops` shows all", pattern));
  const auto off_limits = [&](size_t i) { return catalog.operators()[i].off_limits; };
  if (wild && !std::ranges::all_of(matches, off_limits)) std::erase_if(matches, off_limits);
  return matches;
}

}  // namespace

Catalog::Catalog(std::vector<Operator> operators, DTypeSet dtypes)
    : operators_(std::move(operators)), dtypes_(dtypes) {
  for (Operator& op : operators_)
    if (op.name.empty()) op.name = op.schema.qualified();
  std::ranges::sort(operators_, {}, &Operator::name);
  static std::atomic<uint32_t> numbered;
  for (Operator& op : operators_) op.number = ++numbered;
}

const Operator* Catalog::find(std::string_view qualified) const {
  const auto found = std::ranges::lower_bound(operators_, qualified, {}, &Operator::name);
  return found != operators_.end() && found->name == qualified ? &*found : nullptr;
}

std::vector<size_t> select(const Catalog& catalog, const std::vector<std::string>& patterns) {
  std::set<size_t> chosen;
  for (const std::string& pattern : patterns) {
    const std::vector<size_t> matches = selected_by(catalog, pattern);
    chosen.insert(matches.begin(), matches.end());
  }
  for (size_t i = 0; patterns.empty() && i < catalog.operators().size(); ++i)
    if (!catalog.operators()[i].off_limits) chosen.insert(i);
  return {chosen.begin(), chosen.end()};
}

// Greedy: it goes back to the last star only, so the time is at most |pattern| * |text|.
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
