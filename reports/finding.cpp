#include "reports/finding.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <tuple>

#include "corpora/case/text.h"
#include "engine/core/environment_error.h"
#include "reports/files.h"
#include "reports/finding_json.h"
#include "reports/plainness.h"
#include "reports/reproducer.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

// Renames `temporary` to `directory` in one step, whether that exists or not.
void replace_directory(const std::string& temporary, const std::string& directory) {
  if (std::rename(temporary.c_str(), directory.c_str()) == 0) return;
  if (errno == ENOTEMPTY || errno == EEXIST) {
    if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, directory.c_str(), RENAME_EXCHANGE) == 0) {
      fs::remove_all(temporary);
      return;
    }
    fs::remove_all(directory);  // the file system cannot exchange
    if (std::rename(temporary.c_str(), directory.c_str()) == 0) return;
  }
  throw engine::EnvironmentError(directory + " cannot be written", errno);
}

void write_parts(Finding finding, const std::string& directory) {
  std::error_code absent;
  fs::remove_all(directory, absent);
  make_folder(directory);
  const Reproducer python = repro_py(finding);
  finding.repro_py_absent = python.absent;
  if (python.absent.empty()) write_text(directory + "/repro.py", python.text);
  const Reproducer cpp = repro_cpp(finding);
  finding.repro_cpp_absent = cpp.absent;
  if (cpp.absent.empty()) write_text(directory + "/repro.cpp", cpp.text);
  write_text(directory + "/finding.case", corpora::to_text(finding.minimal));
  write_text(directory + "/finding.json", to_json(finding));
}

// The complete findings in a folder; sorted.
std::vector<std::string> folders_in(const fs::path& folder) {
  std::vector<std::string> directories;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent)) {
    const bool is_temporary = entry.path().has_extension();  // of a killed writer
    if (!is_temporary && fs::exists(entry.path() / "finding.json"))
      directories.push_back(entry.path().string());
  }
  std::ranges::sort(directories);
  return directories;
}

void add_folders(const fs::path& folder, std::vector<std::string>& all) {
  for (std::string& directory : folders_in(folder)) {
    add_folders(fs::path(directory) / "also", all);
    all.push_back(std::move(directory));
  }
}

}  // namespace

void write_finding(const Finding& finding, const std::string& directory) {
  const fs::path target = fs::path(directory).lexically_normal();
  const std::string temporary = fmt::format("{}.{}", target.string(), getpid());
  try {
    write_parts(finding, temporary);
    replace_directory(temporary, target.string());
  } catch (const engine::EnvironmentError&) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    throw;
  }
}

const engine::Schema* schema_of(const Finding& finding, const std::string& qualified) {
  for (const engine::Schema& schema : finding.schemas)
    if (schema.qualified() == qualified) return &schema;
  return nullptr;
}

void update_finding(const Finding& finding, const std::string& directory) {
  write_text(directory + "/finding.json", to_json(finding));
}

Finding read_finding(const std::string& directory) {
  const std::string file = directory + "/finding.json";
  Finding finding = finding_from_json(read_text(file), file);
  finding.minimal = corpora::read_case(directory + "/finding.case");
  finding.directory = directory;
  for (const std::string& folder : folders_in(fs::path(directory) / "also")) {
    Finding other = read_finding(folder);
    // A killed run may have left a finding that still has an also/ of its own.
    std::ranges::move(other.also, std::back_inserter(finding.also));
    other.also.clear();
    finding.also.push_back(std::move(other));
  }
  std::ranges::sort(finding.also, is_plainer);
  return finding;
}

std::vector<Finding> read_findings(const std::string& out_directory) {
  std::vector<Finding> findings;
  for (const std::string& folder : folders_in(fs::path(out_directory) / "findings"))
    findings.push_back(read_finding(folder));
  std::ranges::sort(findings, in_report_order);
  return findings;
}

std::vector<std::string> finding_folders(const std::string& out_directory) {
  std::vector<std::string> all;
  add_folders(fs::path(out_directory) / "findings", all);
  return all;
}

bool in_report_order(const Finding& a, const Finding& b) {
  return std::tie(a.group, a.signature.op, a.fingerprint) < std::tie(b.group, b.signature.op, b.fingerprint);
}

}  // namespace reports
