// Writers: one function from ReportData to text for each format; all_writers() is their only list.
#pragma once

#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include "reports/report_data.h"

namespace reports {

struct Writer {
  std::string_view format;  // as in `report --format FORMAT`
  std::string (*write)(const ReportData&);
};

std::span<const Writer> all_writers();
// "html, json, ...".
std::string format_names();
// Throws engine::InputError("--format", ...) for an unknown format.
const Writer& writer_for(std::string_view format);

std::string write_html(const ReportData& data);  // one file, no network
std::string write_json(const ReportData& data);  // everything, for programs
std::string write_junit(
    const ReportData& data);  // a test suite for each oracle, a failure for each new finding
std::string write_sarif(const ReportData& data);     // SARIF 2.1.0, a result for each finding
std::string write_markdown(const ReportData& data);  // for an issue or a summary
std::string write_console(const ReportData& data, bool colour);

// What a run prints when it ends. In colour if `stream` is a terminal and NO_COLOR is not set.
void print_console(const std::string& out_directory, std::FILE* stream);

}  // namespace reports
