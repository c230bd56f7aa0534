// The table against rules that were written a second time, in another language: resolution_rules.py.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "engine/dispatch/probe_kernels_cases.h"

namespace engine {
namespace {

constexpr size_t operator_count = 2000;

// Every key that a kernel can be registered for. Few are drawn, and those that decide most of all.
std::vector<DispatchKey> any_keys(std::mt19937_64& random, bool aliases) {
  using enum DispatchKey;
  static constexpr std::array telling{CPU,
                                      XLA,
                                      Meta,
                                      QuantizedCPU,
                                      SparseCPU,
                                      SparseCsrCUDA,
                                      FPGA,
                                      AutogradCPU,
                                      AutogradOther,
                                      NestedTensorCPU,
                                      AutogradXLA,
                                      AutogradNestedTensor,
                                      FuncTorchBatched,
                                      Functionalize};
  std::vector<DispatchKey> keys;
  for (int number = first_alias_key; aliases && number < dispatch_key_count; ++number)
    if (random() % 3 == 0) keys.push_back(static_cast<DispatchKey>(number));
  for (DispatchKey key : telling)
    if (random() % 4 == 0) keys.push_back(key);
  const DispatchKey rare = table_keys()[1 + random() % (table_size - 1)];
  if (std::find(keys.begin(), keys.end(), rare) == keys.end()) keys.push_back(rare);
  return keys;
}

std::string names_of(const std::vector<DispatchKey>& keys) {
  std::string names;
  for (DispatchKey key : keys) names += std::string(name_of(key)) + " ";
  return names;
}

std::string table_with(const std::vector<DispatchKey>& kernels, const std::vector<DispatchKey>& fallbacks) {
  Dispatcher dispatcher;
  Registrations kept;
  for (DispatchKey key : fallbacks)
    for (Registration& each : dispatcher.fallback(key, visiting_boxed("fallback")))
      kept.push_back(std::move(each));
  kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
  for (DispatchKey key : kernels) kept.push_back(dispatcher.implement("t::f", key, visiting("kernel")));
  std::string text;
  for (DispatchKey key : table_keys())
    text += (text.empty() ? "" : ", ") + std::string(name_of(key)) + ": " +
            std::string(name_of(dispatcher.op("t::f").reason_at(key)));
  return text;
}

TEST(Resolution, INV_24_TheTableIsWhatTheRulesInPythonSay) {
  const std::string script = FAULTLINE_SOURCE_DIR "/engine/dispatch/resolution_rules.py";
  const std::string asked = testing::TempDir() + "asked." + std::to_string(getpid());
  const std::string told = asked + ".told";
  std::mt19937_64 random(24);
  std::vector<std::string> lines, tables;
  {
    std::ofstream out(asked);
    for (int b = 1; b <= backend_count; ++b) out << name_of(static_cast<Backend>(b)) << " ";
    out << "\n" << names_of({table_keys().begin(), table_keys().end()}) << "\n";
    for (size_t i = 0; i < operator_count; ++i) {
      const std::vector<DispatchKey> kernels = any_keys(random, true);
      const std::vector<DispatchKey> fallbacks = any_keys(random, false);
      lines.push_back(names_of(kernels) + "/ " + names_of(fallbacks));
      tables.push_back(table_with(kernels, fallbacks));
      out << lines.back() << "\n";
    }
  }
  const std::string command = "/usr/bin/python3 '" + script + "' <'" + asked + "' >'" + told + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream in(told);
  std::string table;
  for (size_t i = 0; i < operator_count; ++i) {
    ASSERT_TRUE(std::getline(in, table));
    ASSERT_EQ(tables[i], table) << lines[i];
  }
  std::filesystem::remove(asked);
  std::filesystem::remove(told);
}

}  // namespace
}  // namespace engine
