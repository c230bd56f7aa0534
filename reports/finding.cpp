#include "reports/finding.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <tuple>

#include "corpora/case/text.h"
#include "engine/core/environment_error.h"
#include "reports/files.h"
#include "reports/finding_json.h"
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
  return finding;
}

std::vector<Finding> read_findings(const std::string& out_directory) {
  const fs::path folder = fs::path(out_directory) / "findings";
  std::vector<std::string> directories;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const bool is_temporary = entry.path().has_extension();  // of a killed writer
    if (!is_temporary && fs::exists(entry.path() / "finding.json"))
      directories.push_back(entry.path().string());
  }
  std::sort(directories.begin(), directories.end());
  std::vector<Finding> findings;
  findings.reserve(directories.size());
  for (const std::string& directory : directories) findings.push_back(read_finding(directory));
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.group, a.signature.op, a.fingerprint) <
           std::tie(b.group, b.signature.op, b.fingerprint);
  });
  return findings;
}

}  // namespace reports
