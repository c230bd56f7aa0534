#include "cli/subject_choice.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "cli/flags.h"
#include "engine/core/input_error.h"
#include "oracles/isolation/child.h"
#include "oracles/make_subject.h"
#include "oracles/subjects/host.h"
#include "reports/files.h"

namespace cli {
namespace {

void refuse_unless_loadable(const std::string& library, const std::string& subject) {
  const std::string module(oracles::module_in(library));
  if (module.empty() && !std::filesystem::is_regular_file(library))
    throw engine::InputError("--load", "'" + library + "' is not a file");
  if (!module.empty() && subject != "torch")
    throw engine::InputError("--load",
                             "the module '" + module + "' registers operators of torch, not of " + subject);
}

}  // namespace

SubjectChoice::SubjectChoice() : subject(oracles::host() ? "torch" : "engine") {}

void SubjectChoice::add_to(CLI::App& app) {
  app.add_option("--subject", subject, "the library under test: engine or torch")
      ->type_name("NAME")
      ->capture_default_str();
  add_repeatable(app, "--load", load, "FILE", "an operator library, whose code runs; may be repeated");
  app.add_option("--device", device,
                 "cpu, cuda, host_cuda (CUDA kernels of the engine on the host), private (PyTorch's CPU "
                 "fallback), or any device that PyTorch or a --load library has")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--memory", memory_mib, "how much one run of a case may allocate, without its inputs")
      ->type_name("MIB")
      ->check(an_amount_of_memory())
      ->capture_default_str();
}

std::unique_ptr<oracles::Subject> SubjectChoice::make() const {
  oracles::SubjectOptions options;
  options.memory_mib = memory_mib;
  options.plant = plant;
  options.device = device;
  for (const std::string& library : load) refuse_unless_loadable(library, subject);
  options.load = loaded_paths();
  options.tolerances = tolerances;  // as the user writes them, for messages
  auto made = oracles::make_subject(subject, options);
  for (const std::string& line : made->left_out()) std::cerr << "faultline: not drawn: " << line << "\n";
  return made;
}

std::vector<std::string> SubjectChoice::loaded_paths() const {
  std::vector<std::string> paths;
  for (const std::string& library : load)
    paths.push_back(oracles::module_in(library).empty()
                        ? std::filesystem::absolute(library).lexically_normal().string()
                        : library);
  return paths;
}

std::vector<std::string> SubjectChoice::tolerances_paths() const {
  std::vector<std::string> paths;
  for (const std::string& file : tolerances)
    paths.push_back(std::filesystem::absolute(file).lexically_normal().string());
  return paths;
}

std::vector<std::string> SubjectChoice::operators_without_load() const {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = 60;
  if (oracles::host() && subject == "torch") oracles::host()->torch_plugin();  // imports PyTorch once
  const auto names = oracles::run_in_child(limits, [&] {
    std::string text;
    const auto bare = oracles::make_subject(subject, {});
    for (const auto& op : bare->catalog().operators()) text += op.name + "\n";
    return text;
  });
  std::vector<std::string> found = reports::lines_of(names.text);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace cli
