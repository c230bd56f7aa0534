// Lists against folders, and tables against what each row needs: nothing is listed that does not exist, and
// nothing exists that is not listed. A failure names the row or the file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "corpora/case/draw_tensors.h"
#include "corpora/case/program.h"
#include "corpora/case/text.h"
#include "oracles/make_subject.h"
#include "oracles/oracle.h"
#include "oracles/planted/engine/engine_plant.h"
#include "oracles/planted/planted.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/trial/trial.h"
#include "properties/case_supplies.h"
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
    return text.find("const DeclaredPlant ") == std::string::npos;
  });
  EXPECT_EQ(plants, files);
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

// What the row of a table lacks.
class Missing : public std::vector<std::string> {
 public:
  Missing& need(bool has, const std::string& what) {
    if (!has) push_back(what);
    return *this;
  }
};

Missing missing(const oracles::Oracle& row) {
  static const Names files = stems("oracles", "_oracle.cpp");
  static const std::string readme = text_of(root / "oracles" / "README.md");
  const std::string name(row.name);
  Names planted;
  for (const auto& bug : oracles::all_planted())
    if (bug.oracle == name) planted.insert(bug.op);
  return Missing()
      .need(files.contains(name), "a file " + name + "_oracle.cpp")
      .need(row.promise.ends_with("."), "a promise")
      .need(!row.words.left.empty() && !row.words.right.empty(), "names of both sides")
      .need(row.words.look_at.ends_with("."), "advice for reports")
      .need(row.check != nullptr, "a check")
      .need(row.share >= 1, "a share")
      .need(row.reach_floor > 0 && row.reach_floor <= 1, "a floor")
      .need(!planted.empty() && planted == Names(row.planted.begin(), row.planted.end()), "a planted bug")
      .need(readme.find("`" + name + "`") != std::string::npos, "a row in oracles/README.md");
}

corpora::Case product_of(std::string_view dtype) {
  return corpora::parse_case("faultline case 1\nstorage s0 " + std::string(dtype) + R"([4] dyadic(3)
input t0 s0 sizes [4] strides [1] offset 0
call r0 aten::mul.Tensor(self=t0, other=t0)
)",
                             "product");
}

void add_layers_of(const std::string& subject_name, Names& names) {
  const auto subject = oracles::make_subject(subject_name, {});
  const corpora::Case c = product_of("c64");
  for (const corpora::LayerRow& row : corpora::all_layers()) {
    corpora::Path path{{row.kind, row.has_number() ? 0 : -1}};
    if (row.needs) path.push_back({*row.needs});
    if (subject->refuses(c, path).empty()) names.emplace(row.name);
  }
}

// The layers that a subject can run. Some need PyTorch.
Names layers_of_the_subjects() {
  Names names{"peer"};
  add_layers_of("engine", names);
  if (properties::has_torch())
    add_layers_of("torch", names);
  else
    names.insert({"no_grad", "inference", "incoming", "second", "functional", "batched", "nested", "batching",
                  "threads", "private_device"});
  return names;
}

// The layers that the rooms of the oracles name: LayerKind::NAME.
Names layers_of_the_oracles() {
  Names names;
  const std::regex layer(R"(LayerKind::(\w+))");
  for (const char* room : {"relations", "invariants", "gradients"})
    for (const auto& entry : fs::recursive_directory_iterator(root / "oracles" / room)) {
      if (entry.path().string().ends_with("_test.cpp")) continue;
      const std::string text = text_of(entry.path());
      for (std::sregex_iterator found(text.begin(), text.end(), layer), end; found != end; ++found)
        names.insert((*found)[1]);
    }
  return names;
}

Missing missing(const corpora::LayerRow& row) {
  static const Names in_subjects = layers_of_the_subjects(), in_oracles = layers_of_the_oracles();
  const std::string name(row.name);
  return Missing()
      .need(!row.phrase.empty(), "a phrase for reports")
      .need(in_subjects.contains(name), "support in a subject")
      .need(in_oracles.contains(name), "an oracle that uses it");
}

// For the engine, and for a subject that has every dtype.
Names drawn_dtypes() {
  const corpora::Catalog every({}, corpora::every_dtype);
  Names names;
  for (uint64_t index = 0; index < 2000; ++index) {
    corpora::PhiloxChoices choices(1, 0, index);
    for (const corpora::Storage& storage : corpora::draw(properties::engine_supply(), choices).storages)
      names.emplace(name_of(storage.dtype));
    if (const engine::DType dtype = draw_dtype(every, choices); !is_computed(dtype))
      names.emplace(name_of(dtype));
  }
  return names;
}

// The dtypes in which the engine and its reference compute the same product, and those that the engine
// refuses.
Names judged_dtypes() {
  const auto engine = oracles::make_subject("engine", {});
  Names names;
  for (const engine::DType dtype : engine::all_dtypes) {
    const corpora::Case c = product_of(name_of(dtype));
    oracles::Trial trial(*engine, c);
    const auto wanted = is_computed(dtype) ? oracles::Judgement::agree : oracles::Judgement::gap;
    if (oracles::find_oracle("reference")->check(trial).judgement == wanted) names.emplace(name_of(dtype));
  }
  return names;
}

Missing missing(const engine::DTypeTraits& row) {
  static const Names drawn = drawn_dtypes(), judged = judged_dtypes();
  static const std::string images = text_of(root / "corpora/case/image_golden.inc");
  const std::string name(row.name);
  const auto numbered = engine::dtype_numbered(row.torch_number);
  return Missing()
      .need(numbered && name_of(*numbered) == name, "its own number in PyTorch")
      .need(!row.python_name.empty() && !row.cpp_name.empty(), "names in PyTorch")
      .need(images.find("{DType::" + name + ",") != std::string::npos, "a row in image_golden.inc")
      .need(drawn.contains(name), "a draw")
      .need(judged.contains(name), "kernels that agree with their reference, or that refuse it");
}

TEST(Completeness, EveryRowHasWhatItNeeds) {
  using testing::IsEmpty;
  for (const auto& row : oracles::all_oracles())
    EXPECT_THAT(missing(row), IsEmpty()) << "oracle " << row.name;
  for (const auto& row : corpora::all_layers()) EXPECT_THAT(missing(row), IsEmpty()) << "layer " << row.name;
  for (const auto& row : engine::dtype_table) EXPECT_THAT(missing(row), IsEmpty()) << "dtype " << row.name;
}

TEST(Completeness, NewRowLacksEverything) {
  const oracles::Oracle oracle{
      .name = "new", .promise = "", .check = nullptr, .reach_floor = 0, .share = 0, .planted = {}};
  EXPECT_EQ(missing(oracle).size(), 9U);
  const corpora::LayerRow layer{.kind = corpora::LayerKind::count, .name = "new", .phrase = ""};
  EXPECT_EQ(missing(layer).size(), 3U);
  const engine::DTypeTraits dtype{"f8", engine::DTypeClass::half, true, 1, engine::DType::f32, 99, "", ""};
  EXPECT_EQ(missing(dtype).size(), 5U);
}

TEST(Completeness, EverySubCommandIsListedAndDocumented) {
  const std::string readme = text_of(root / "cli" / "README.md");
  const std::string list = text_of(root / "cli" / "command_line.cpp");
  for (const std::string& command : stems("cli", "_command.cpp")) {
    EXPECT_NE(readme.find("faultline " + command), std::string::npos) << command;
    EXPECT_NE(list.find(command + "_command(root)"), std::string::npos) << command;
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

// Laws have the numbers of the list of invariants, and from 115 on their own. Unit tests in engine/autograd
// have the invariants that need one particular program: INV-40, the .grad of a leaf; INV-52, gradients of
// views; INV-56 to INV-58.
TEST(Completeness, EveryInvariantHasALaw) {
  const std::set<int> unit_tests{40, 52};
  std::set<int> numbers;
  for (const properties::AnyLaw& law : properties::all_laws()) numbers.insert(law.number);
  for (int number = 1; number <= 55; ++number) {
    if (number == 30) continue;  // the list has none
    EXPECT_NE(numbers.contains(number), unit_tests.contains(number)) << number;
  }
  for (int number : {66, 67, 68, 69, 70, 71, 72, 73, 110, 113, 115, 116, 117, 118, 119, 120, 121, 122, 123})
    EXPECT_TRUE(numbers.contains(number)) << number;
}

TEST(Completeness, EveryLawHasASentenceAFloorAndABrokenWorld) {
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

// Each invariant of the dispatcher also has a unit test of the engine. INV-24 compares the engine with a
// second resolver, which is not part of the engine, so it is a law only.
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
