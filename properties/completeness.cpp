// Lists against folders: nothing is listed that does not exist, nothing exists unlisted. Names the offender.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "corpora/case/program.h"
#include "corpora/case/text.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/planted/planted.h"
#include "oracles/reference/kernels/reference.h"
#include "properties/law.h"
#include "reports/writers.h"

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path root = FAULTLINE_SOURCE_DIR;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Stems of the files below a folder that end in `ending`, without it.
Names stems(const fs::path& folder, const std::string& ending) {
  Names names;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() > ending.size() && name.ends_with(ending))
      names.insert(name.substr(0, name.size() - ending.size()));
  }
  return names;
}

Names without_tests(Names names) {
  std::erase_if(names, [](const std::string& name) { return name.ends_with("_test"); });
  return names;
}

TEST(Completeness, EveryOracleFileIsInTheTable) {
  Names listed;
  for (const auto& oracle : oracles::all_oracles()) listed.insert(std::string(oracle.name));
  EXPECT_EQ(listed, stems("oracles", "_oracle.cpp"));
}

TEST(Completeness, EveryOracleHasAPromiseAndAFloor) {
  for (const auto& oracle : oracles::all_oracles()) {
    EXPECT_TRUE(oracle.promise.ends_with(".")) << oracle.name;
    EXPECT_GT(oracle.reach_floor, 0) << oracle.name;
    EXPECT_LE(oracle.reach_floor, 1) << oracle.name;
    EXPECT_GE(oracle.share, 1) << oracle.name;
  }
}

TEST(Completeness, EveryOracleHasAPlantedBug) {
  for (const auto& oracle : oracles::all_oracles()) {
    Names planted;
    for (const auto& bug : oracles::all_planted())
      if (bug.oracle == oracle.name) planted.insert(std::string(bug.op));
    EXPECT_FALSE(planted.empty()) << oracle.name;
    EXPECT_EQ(planted, Names(oracle.planted.begin(), oracle.planted.end())) << oracle.name;
  }
}

TEST(Completeness, EveryPlantedBugIsAFileAndBelongsToAnOracle) {
  Names listed;
  for (const auto& bug : oracles::all_planted()) {
    EXPECT_NE(oracles::find_oracle(bug.oracle), nullptr) << bug.name;
    EXPECT_FALSE(bug.mistake.empty()) << bug.name;
    if (bug.subject != "torch") continue;
    listed.insert(std::string(bug.name));
    EXPECT_EQ(bug.op, "planted::" + std::string(bug.name));
  }
  EXPECT_EQ(listed, without_tests(stems("oracles/planted/torch", ".cpp")));
  Names plants;
  for (const auto& [name, plant] : oracles::all_engine_plants()) plants.emplace(name);
  Names files = stems("oracles/planted/engine", ".cpp");
  std::erase_if(files, [](const std::string& name) {  // what plants share
    const std::string text = text_of(root / "oracles/planted/engine" / (name + ".cpp"));
    return text.find("const DeclaredPlant declared{") == std::string::npos;
  });
  EXPECT_EQ(plants, files);
}

TEST(Completeness, TheOraclesReadmeNamesEveryOracle) {
  const std::string readme = text_of(root / "oracles" / "README.md");
  for (const auto& oracle : oracles::all_oracles())
    EXPECT_NE(readme.find("`" + std::string(oracle.name) + "`"), std::string::npos) << oracle.name;
}

TEST(Completeness, EveryOperatorOfTheEngineHasAReferenceAndAnAccuracy) {
  const auto engine = oracles::make_subject("engine", {});
  ASSERT_NE(engine->references(), nullptr);
  for (const corpora::Operator& op : engine->catalog().operators()) {
    if (op.name == corpora::program_operator) continue;
    EXPECT_NE(engine->references()->find(op.name), nullptr) << op.name;
    EXPECT_NE(engine->accuracy(op.name, engine::DTypeClass::real, {}).reason,
              engine::accuracy::undeclared.reason)
        << op.name;
  }
}

// Reproducers: corpora/case/layers_test.cpp. `peer` needs PyTorch.
TEST(Completeness, EngineSupportsEveryLayer) {
  const auto engine = oracles::make_subject("engine", {});
  constexpr std::string_view text = R"(faultline case 1
storage s0 c64[4] dyadic(3)
input t0 s0 sizes [4] strides [1] offset 0
call r0 aten::mul.Tensor(self=t0, other=t0)
)";
  const corpora::Case c = corpora::parse_case(text, "product");
  for (const corpora::LayerRow& row : corpora::all_layers()) {
    if (row.kind == corpora::LayerKind::peer) continue;
    corpora::Path path{{row.kind, row.has_number() ? 0 : -1}};
    if (row.needs) path.push_back({*row.needs});
    EXPECT_EQ(engine->refuses(c, path), "") << row.name;
  }
}

TEST(Completeness, EverySubCommandIsListedAndDocumented) {
  const std::string readme = text_of(root / "cli" / "README.md"), main = text_of(root / "cli" / "main.cpp");
  for (const std::string& command : stems("cli", "_command.cpp")) {
    EXPECT_NE(readme.find("faultline " + command), std::string::npos) << command;
    EXPECT_NE(main.find("cli::" + command + "_command(root)"), std::string::npos) << command;
  }
}

TEST(Completeness, EveryWriterIsInTheTable) {
  Names formats{"console"};  // for terminals, not a format of `report`
  for (const reports::Writer& writer : reports::all_writers()) formats.emplace(writer.format);
  EXPECT_EQ(formats, stems("reports", "_writer.cpp"));
}

TEST(Completeness, EveryFallbackIsInTheTable) {
  const std::string declared = text_of(root / "engine/fallbacks/fallbacks.h");
  const std::string table = text_of(root / "engine/fallbacks/table.cpp");
  const std::regex function(R"(Kernel (\w+)\(\);)");
  for (std::sregex_iterator found(declared.begin(), declared.end(), function), end; found != end; ++found)
    EXPECT_NE(table.find(", " + (*found)[1].str() + "}"), std::string::npos) << (*found)[1];
}

TEST(Completeness, EveryPathInContributingExists) {
  const std::string text = text_of(root / "CONTRIBUTING.md");
  const std::regex path(R"(`([a-z_]+/[a-z0-9_./]*)`)");
  for (std::sregex_iterator found(text.begin(), text.end(), path), end; found != end; ++found)
    EXPECT_TRUE(fs::exists(root / (*found)[1].str())) << (*found)[1];
}

TEST(Completeness, TheReadmeNamesEveryFolder) {
  const std::string readme = text_of(root / "README.md");
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || fs::is_empty(entry) || name.starts_with(".") || name == "build" ||
        name.starts_with("faultline-"))
      continue;
    EXPECT_NE(readme.find("`" + name + "/`"), std::string::npos) << name;
  }
}

// Laws have the numbers of the list of invariants; unit tests in engine/autograd have those that need a
// hand-made program: INV-40, the .grad of a leaf; INV-52, gradients of views; INV-56 to INV-58.
TEST(Completeness, EveryInvariantHasALaw) {
  const std::set<int> unit_tests{40, 52};
  std::set<int> numbers;
  for (const properties::AnyLaw& law : properties::all_laws()) numbers.insert(law.number);
  for (int number = 1; number <= 55; ++number) {
    if (number == 30) continue;  // the list has none
    EXPECT_NE(numbers.contains(number), unit_tests.contains(number)) << number;
  }
  for (int number : {66, 67, 68, 69, 70, 71, 72, 73, 110, 113})
    EXPECT_TRUE(numbers.contains(number)) << number;
}

TEST(Completeness, EveryLawSaysWhatItIsAndHasAFloorAndABrokenWorld) {
  Names names;
  for (const properties::AnyLaw& law : properties::all_laws()) {
    EXPECT_TRUE(names.insert(law.name).second) << law.name;
    EXPECT_TRUE(law.sentence.ends_with(".")) << law.name;
    EXPECT_GE(law.floor, 0.01) << law.name;
    EXPECT_FALSE(law.sound.empty()) << law.name;
    EXPECT_FALSE(law.broken.empty()) << law.name;
    for (const auto& world : law.broken) EXPECT_FALSE(world.name.empty()) << law.name;
  }
}

// The engine's own invariants, each named by a unit test of the engine. INV-24 compares the engine with a
// second resolver, which is not part of the engine: it is a law alone.
TEST(Completeness, EveryInvariantOfTheDispatcherHasATest) {
  Names tested;
  for (const auto& entry : fs::recursive_directory_iterator(root / "engine")) {
    if (!entry.path().string().ends_with("_test.cpp")) continue;
    const std::string text = text_of(entry.path());
    const std::regex name(R"(\b(?:TEST|TEST_[FP]|RC_GTEST_PROP)\(\w+,\s*(INV_\d+)_)");
    for (std::sregex_iterator found(text.begin(), text.end(), name), end; found != end; ++found)
      tested.insert((*found)[1]);
  }
  constexpr int last = 29;
  for (int number = 1; number <= last; ++number) {
    const std::string name = (number < 10 ? "INV_0" : "INV_") + std::to_string(number);
    EXPECT_TRUE(number == 24 || tested.contains(name)) << name;
  }
}

}  // namespace
