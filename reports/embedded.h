// The files of reports/embedded/, which are compiled in: the parts that all C++ reproducers share, the script
// that runs Python reproducers, their parts that compare gradients, and the page of the HTML report.
#pragma once

#include <string_view>

namespace reports::embedded {

extern const std::string_view declarations;    // declarations.cpp.in
extern const std::string_view machinery;       // machinery.cpp.in
extern const std::string_view program_engine;  // program_engine.cpp.in
extern const std::string_view program_c10;     // program_c10.cpp.in
extern const std::string_view run_scripts;     // run_scripts.py
extern const std::string_view slopes;          // slopes.py
extern const std::string_view page_html;       // page.html
extern const std::string_view page_css;        // page.css
extern const std::string_view page_js;         // page.js

}  // namespace reports::embedded
