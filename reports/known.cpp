#include "reports/known.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "corpora/case/catalog.h"
#include "engine/core/input_error.h"
#include "oracles/compare/spelling.h"
#include "oracles/oracle.h"
#include "oracles/subjects/plugin_file.h"
#include "reports/call_facts.h"
#include "reports/files.h"
#include "reports/json_text.h"
#include "reports/version_range.h"

namespace reports {
namespace {

// The parts of an entry, in the order in which they are written. One of the two pointers is set. A list that
// may be `single` is also written as one string.
struct Field {
  const char* key;
  std::string KnownEntry::* text = nullptr;
  std::vector<std::string> KnownEntry::* list = nullptr;
  bool single = false;
};
constexpr Field fields[] = {{"name", &KnownEntry::name},
                            {"subject", &KnownEntry::subject},
                            {"oracle", nullptr, &KnownEntry::oracles, true},
                            {"kind", nullptr, &KnownEntry::kinds, true},
                            {"operators", nullptr, &KnownEntry::operators},
                            {"versions", &KnownEntry::versions},
                            {"requires", nullptr, &KnownEntry::requires_features},
                            {"excludes", nullptr, &KnownEntry::excludes_features},
                            {"left", nullptr, &KnownEntry::left, true},
                            {"right", nullptr, &KnownEntry::right, true},
                            {"calls", nullptr, &KnownEntry::calls},
                            {"without_calls", nullptr, &KnownEntry::without_calls},
                            {"left_calls", nullptr, &KnownEntry::left_calls},
                            {"reason", &KnownEntry::reason},
                            {"case", nullptr, &KnownEntry::cases, true},
                            {"link", &KnownEntry::link}};

// Reads one entry. Errors carry the position of the key.
class EntryReader {
 public:
  EntryReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  KnownEntry read() {
    parse();
    KnownEntry entry;
    for (const auto& [key, value] : root_.items()) take(entry, key, value);
    if (entry.name.empty()) complain("", "an entry needs a \"name\"");
    if (entry.operators.empty())
      complain("", "an entry needs \"operators\": a list of globs such as \"aten::add*\"");
    if (entry.reason.empty()) complain("", "an entry needs a \"reason\": why this is not a new finding");
    check_names(entry);
    const bool wild = std::ranges::find(entry.operators, "*") != entry.operators.end();
    if (wild && entry.kinds.empty() && entry.requires_features.empty())
      complain("operators", "\"*\" needs \"kind\" or \"requires\", since it would cover every finding");
    return entry;
  }

 private:
  void parse() {
    root_ = parse_json(text_, file_, "an entry of known findings is one JSON object");
    if (!root_.is_object()) complain("", "an entry of known findings is one JSON object");
  }

  [[noreturn]] void complain(const std::string& key, const std::string& message) const {
    const size_t found = key.empty() ? 0 : text_.find('"' + key + '"');
    throw engine::InputError(position_in(text_, file_, found == std::string_view::npos ? 0 : found), message);
  }

  void take(KnownEntry& entry, const std::string& key, const Json& value) const {
    for (const Field& field : fields) {
      if (key != field.key) continue;
      if (field.text) return take_text(entry.*field.text, key, value);
      return take_list(entry.*field.list, key,
                       field.single && value.is_string() ? Json::array({value}) : value);
    }
    std::string known;
    for (const Field& field : fields) known += fmt::format("{}{}", known.empty() ? "" : ", ", field.key);
    complain(key, fmt::format("unknown key \"{}\"; known: {}", key, known));
  }

  void take_text(std::string& into, const std::string& key, const Json& value) const {
    if (!value.is_string()) complain(key, fmt::format("\"{}\" takes a string", key));
    into = value.get<std::string>();
  }

  void take_list(std::vector<std::string>& into, const std::string& key, const Json& value) const {
    if (!value.is_array()) complain(key, fmt::format("\"{}\" takes a list of strings", key));
    for (const Json& element : value) {
      if (!element.is_string() || element.get<std::string>().empty())
        complain(key, fmt::format("\"{}\" takes a list of strings", key));
      into.push_back(element.get<std::string>());
    }
  }

  void check_names(const KnownEntry& entry) const {
    for (const std::string& kind : entry.kinds)
      if (!oracles::kind_named(kind)) complain("kind", fmt::format("unknown kind \"{}\"", kind));
    for (const std::string& oracle : entry.oracles)
      if (!oracles::find_oracle(oracle)) complain("oracle", fmt::format("unknown oracle \"{}\"", oracle));
    if (const std::string fault = fault_of_range(entry.versions); !fault.empty()) complain("versions", fault);
  }

  std::string_view text_;
  const std::string& file_;
  Json root_;
};

bool any_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return corpora::glob_match(glob, text); });
}

// A glob may have alternatives: "layout:*|out:strided".
bool has_feature(const std::vector<std::string>& features, std::string_view globs) {
  while (true) {
    const size_t bar = std::min(globs.find('|'), globs.size());
    const std::string_view glob = globs.substr(0, bar);
    if (std::ranges::any_of(features, [&](const auto& f) { return corpora::glob_match(glob, f); }))
      return true;
    if (bar == globs.size()) return false;
    globs.remove_prefix(bar + 1);
  }
}

// Whether a call of the trace matches one of the globs. Lines are indented by depth.
bool dispatches(const std::vector<std::string>& trace, const std::vector<std::string>& globs) {
  return std::ranges::any_of(trace, [&](const std::string& line) {
    const size_t from = line.find_first_not_of(' ');
    return from != std::string::npos && any_matches(globs, line.substr(from));
  });
}

}  // namespace

KnownEntry parse_known(std::string_view text, const std::string& file) {
  return EntryReader(text, file).read();
}

bool covers(const KnownEntry& entry, const Finding& finding) {
  const oracles::Signature& s = finding.signature;
  const auto is_one = [](const std::vector<std::string>& names, std::string_view name) {
    return names.empty() || std::ranges::find(names, name) != names.end();
  };
  if (!entry.subject.empty() && entry.subject != s.subject) return false;
  if (!is_one(entry.oracles, s.oracle) || !is_one(entry.kinds, oracles::name_of(s.kind))) return false;
  if (!in_range(finding.origin.subject_version, entry.versions)) return false;
  if (!any_matches(entry.operators, s.op)) return false;
  std::vector<std::string> features = finding.features;
  std::ranges::copy(call_facts(finding), std::back_inserter(features));
  for (const std::string& globs : entry.requires_features)
    if (!has_feature(features, globs)) return false;
  for (const std::string& globs : entry.excludes_features)
    if (has_feature(features, globs)) return false;
  const oracles::Divergence& d = finding.verdict.divergence;
  if (!entry.left.empty() && !any_matches(entry.left, oracles::spelling_of(d.left))) return false;
  if (!entry.right.empty() && !any_matches(entry.right, oracles::spelling_of(d.right))) return false;
  if (!entry.calls.empty() && !dispatches(finding.right_trace, entry.calls)) return false;
  if (!entry.left_calls.empty() && !dispatches(finding.left_trace, entry.left_calls)) return false;
  return entry.without_calls.empty() || !dispatches(finding.right_trace, entry.without_calls);
}

std::string installed_known() {
  return (oracles::library_folder().parent_path() / "share" / "faultline" / "known").string();
}

KnownEntries KnownEntries::read(const std::vector<std::string>& directories) {
  namespace fs = std::filesystem;
  KnownEntries known;
  for (const std::string& directory : directories) {
    std::error_code error;
    if (!fs::is_directory(directory, error))
      throw engine::InputError("--known", directory + " is not a folder");
    std::vector<std::string> files;
    for (const auto& entry : fs::directory_iterator(directory))
      if (entry.path().extension() == ".json") files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) known.entries_.push_back(parse_known(read_text(file), file));
  }
  return known;
}

KnownEntries KnownEntries::of(std::vector<KnownEntry> entries) {
  KnownEntries known;
  known.entries_ = std::move(entries);
  return known;
}

const KnownEntry* KnownEntries::match(const Finding& finding) const {
  for (const KnownEntry& entry : entries_)
    if (covers(entry, finding)) return &entry;
  return nullptr;
}

std::string to_json(const KnownEntry& entry) {
  Json out;
  for (const Field& field : fields) {
    if (field.text && !(entry.*field.text).empty()) out[field.key] = entry.*field.text;
    if (field.text || (entry.*field.list).empty()) continue;
    const auto& list = entry.*field.list;
    out[field.key] = field.single && list.size() == 1 ? Json(list.front()) : Json(list);
  }
  return print_json(out);
}

KnownEntry entry_for(const Finding& finding, const std::string& reason) {
  KnownEntry entry;
  entry.name = "accepted-" + finding.fingerprint;
  entry.subject = finding.signature.subject;
  entry.oracles = {finding.signature.oracle};
  entry.kinds = {std::string(oracles::name_of(finding.signature.kind))};
  entry.operators = {finding.signature.op};
  entry.versions = finding.origin.subject_version;
  entry.requires_features = finding.features;
  entry.reason = reason;
  return entry;
}

}  // namespace reports
