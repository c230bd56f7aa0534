#include "cli/subject_choice.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "engine/core/input_error.h"
#include "oracles/isolation/child.h"

namespace cli {

void SubjectChoice::add_to(CLI::App& app) {
  app.add_option("--subject", subject, "the library under test: engine or torch")->capture_default_str();
  add_repeatable(app, "--load", load, "an operator library (runs its code); may be repeated");
  app.add_option("--device", device, "cpu, cuda or host_cuda")->capture_default_str();
  app.add_option("--memory", memory_mib, "MiB that one run may allocate beyond its inputs")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 20))
      ->capture_default_str();
}

std::unique_ptr<oracles::Subject> SubjectChoice::make() const {
  if (subject == "torch" && device != "cpu")
    throw engine::InputError("--device", "'" + device + "' is for the engine: torch runs on cpu");
  oracles::SubjectOptions options;
  options.memory_mib = memory_mib;
  options.plant = plant;
  options.device = device;
  for (const std::string& library : load)
    if (!std::filesystem::is_regular_file(library))
      throw engine::InputError("--load", "there is no file '" + library + "'");
  options.load = loaded_paths();
  auto made = oracles::make_subject(subject, options);
  for (const std::string& line : made->left_out()) std::cerr << "faultline: left out " << line << "\n";
  return made;
}

std::vector<std::string> SubjectChoice::loaded_paths() const {
  std::vector<std::string> paths;
  for (const std::string& library : load)
    paths.push_back(std::filesystem::absolute(library).lexically_normal().string());
  return paths;
}

std::vector<std::string> SubjectChoice::operators_without_load() const {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = 60;
  const auto names = oracles::run_in_child(limits, [&] {
    std::string text;
    const auto bare = oracles::make_subject(subject, {});
    for (const auto& op : bare->catalog().operators()) text += op.name + "\n";
    return text;
  });
  std::vector<std::string> found;
  std::istringstream lines(names.text);
  for (std::string line; std::getline(lines, line);) found.push_back(line);
  std::sort(found.begin(), found.end());
  return found;
}

CLI::Option* add_repeatable(CLI::App& app, const std::string& flag, std::vector<std::string>& values,
                            const std::string& description) {
  return app.add_option(flag, values, description)->allow_extra_args(false)->take_all();
}

std::vector<std::string> split_commas(const std::vector<std::string>& arguments) {
  std::vector<std::string> parts;
  for (const std::string& argument : arguments) {
    std::istringstream stream(argument);
    for (std::string part; std::getline(stream, part, ',');)
      if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

}  // namespace cli
