#include "reports/known.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "corpora/case/catalog.h"
#include "engine/core/input_error.h"
#include "oracles/compare/spelling.h"
#include "oracles/oracle.h"
#include "oracles/subjects/plugin_file.h"
#include "reports/files.h"
#include "reports/json_text.h"

namespace reports {
namespace {

// The parts of an entry, in the order in which they are written. One of the two pointers is set.
struct Field {
  const char* key;
  std::string KnownEntry::* text = nullptr;
  std::vector<std::string> KnownEntry::* list = nullptr;
};
constexpr Field fields[] = {{"name", &KnownEntry::name},
                            {"subject", &KnownEntry::subject},
                            {"oracle", &KnownEntry::oracle},
                            {"kind", &KnownEntry::kind},
                            {"operators", nullptr, &KnownEntry::operators},
                            {"versions", &KnownEntry::versions},
                            {"requires", nullptr, &KnownEntry::requires_features},
                            {"excludes", nullptr, &KnownEntry::excludes_features},
                            {"left", &KnownEntry::left},
                            {"right", &KnownEntry::right},
                            {"calls", nullptr, &KnownEntry::calls},
                            {"without_calls", nullptr, &KnownEntry::without_calls},
                            {"reason", &KnownEntry::reason},
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
    if (wild && entry.kind.empty() && entry.requires_features.empty())
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
      return field.text ? take_text(entry.*field.text, key, value) : take_list(entry.*field.list, key, value);
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
    if (!entry.kind.empty() && !oracles::kind_named(entry.kind))
      complain("kind", fmt::format("unknown kind \"{}\"", entry.kind));
    if (!entry.oracle.empty() && !oracles::find_oracle(entry.oracle))
      complain("oracle", fmt::format("unknown oracle \"{}\"", entry.oracle));
  }

  std::string_view text_;
  const std::string& file_;
  Json root_;
};

bool any_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return corpora::glob_match(glob, text); });
}

bool has_feature(const Finding& finding, const std::string& glob) {
  return std::ranges::any_of(finding.features,
                             [&](const std::string& feature) { return corpora::glob_match(glob, feature); });
}

// Whether the right side dispatched a call that matches one of the globs. Lines are indented by depth.
bool dispatches(const Finding& finding, const std::vector<std::string>& globs) {
  return std::ranges::any_of(finding.right_trace, [&](const std::string& line) {
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
  if (!entry.subject.empty() && entry.subject != s.subject) return false;
  if (!entry.oracle.empty() && entry.oracle != s.oracle) return false;
  if (!entry.kind.empty() && entry.kind != oracles::name_of(s.kind)) return false;
  if (!finding.origin.subject_version.starts_with(entry.versions)) return false;
  if (!any_matches(entry.operators, s.op)) return false;
  for (const std::string& glob : entry.requires_features)
    if (!has_feature(finding, glob)) return false;
  for (const std::string& glob : entry.excludes_features)
    if (has_feature(finding, glob)) return false;
  const oracles::Divergence& d = finding.verdict.divergence;
  if (!entry.left.empty() && !corpora::glob_match(entry.left, oracles::spelling_of(d.left))) return false;
  if (!entry.right.empty() && !corpora::glob_match(entry.right, oracles::spelling_of(d.right))) return false;
  if (!entry.calls.empty() && !dispatches(finding, entry.calls)) return false;
  return entry.without_calls.empty() || !dispatches(finding, entry.without_calls);
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

const KnownEntry* KnownEntries::match(const Finding& finding) const {
  for (const KnownEntry& entry : entries_)
    if (covers(entry, finding)) return &entry;
  return nullptr;
}

std::string to_json(const KnownEntry& entry) {
  Json out;
  for (const Field& field : fields) {
    if (field.text && !(entry.*field.text).empty()) out[field.key] = entry.*field.text;
    if (field.list && !(entry.*field.list).empty()) out[field.key] = entry.*field.list;
  }
  return print_json(out);
}

KnownEntry entry_for(const Finding& finding, const std::string& reason) {
  KnownEntry entry;
  entry.name = "accepted-" + finding.fingerprint;
  entry.subject = finding.signature.subject;
  entry.oracle = finding.signature.oracle;
  entry.kind = std::string(oracles::name_of(finding.signature.kind));
  entry.operators = {finding.signature.op};
  entry.versions = finding.origin.subject_version;
  entry.requires_features = finding.features;
  entry.reason = reason;
  return entry;
}

}  // namespace reports
