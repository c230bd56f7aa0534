#include "corpora/case/text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "corpora/case/case_laws.h"
#include "corpora/case/choice_source.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

using engine::DType;

constexpr std::string_view example = R"(faultline case 1
subject torch
oracle zero
path zero(0)
load libmine.so
plant zero_value
expect differ strides
storage s0 f32[6] normal(12)
storage s1 f32[3] values { 0x1p+0 -0x0p+0 nan }
input t0 s0 sizes [2, 3] strides [1, 2] offset 0
input t1 s1 sizes [3] strides [1] offset 0
call r0 aten::add.Tensor(self=t0, other=t1, alpha=1)
)";

// The error of a text as "LINE:COLUMN: message"; empty if the text is accepted.
std::string error_in(const std::string& text) {
  try {
    parse_case(text, "x");
  } catch (const engine::InputError& error) {
    return error.line().substr(2);
  }
  return "";
}

std::string error_after_header(const std::string& text) { return error_in("faultline case 1\n" + text); }

TEST(Text, ExampleIsReadAndPrintedAsWritten) {
  const Case c = parse_case(example, "example");
  EXPECT_EQ(to_text(c), example);
  EXPECT_EQ(c.header.oracle, "zero");
  ASSERT_EQ(c.header.path.size(), 1u);
  EXPECT_EQ(c.header.expect_kind, "strides");
  EXPECT_EQ(c.storages[0].rng_seed, 12u);
  EXPECT_EQ(c.inputs[0].strides, (engine::Dims{1, 2}));
  EXPECT_EQ(c.calls[0].names[2], "alpha");
  EXPECT_EQ(c.calls[0].arguments[2], Value::of_integer(1));
}

RC_GTEST_PROP(Text, EveryCaseReadsBackEqual, ()) {
  const Case c = *arbitrary_cases();
  const std::string text = to_text(c);
  const Case again = parse_case(text, "case");
  RC_ASSERT(again == c);
  RC_ASSERT(to_text(again) == text);
}

TEST(Text, CommentsBlanksAndLineBreaksAreIgnored) {
  const std::string loose =
      "\n# a comment\r\n faultline  case 1 # one\n\nstorage s0 f32[2] values {\n 1 # first\n 2.0 }\n"
      "input t0 s0 sizes [ 2 ] strides [1,] offset 0\n"
      "call r0 aten::cat(tensors=[t0,\n  t0], dim = -1)";
  EXPECT_EQ(error_in(loose), "8:36: expected a number");
  std::string right = loose;
  right.replace(right.find("[1,]"), 4, "[1]");
  EXPECT_EQ(to_text(parse_case(right, "x")),
            "faultline case 1\nstorage s0 f32[2] values { 0x1p+0 0x1p+1 }\n"
            "input t0 s0 sizes [2] strides [1] offset 0\ncall r0 aten::cat(tensors=[t0, t0], dim=-1)\n");
}

TEST(Text, NanBitsAndSignsAreKept) {
  const Case c = parse_case(
      "faultline case 1\nstorage s0 f16[4] values { -nan nan:0x7c01 -0x0p+0 0x1p-24 }\n"
      "call r0 a::b(nan:0x7ff0000000000001, -nan, (-0.0, -inf), \"\\x00\\n\\\"\")\n",
      "x");
  EXPECT_EQ(c.storages[0].bytes,
            (std::vector<std::byte>{std::byte{0}, std::byte{0xfe}, std::byte{1}, std::byte{0x7c},
                                    std::byte{0}, std::byte{0x80}, std::byte{1}, std::byte{0}}));
  EXPECT_EQ(std::bit_cast<uint64_t>(c.calls[0].arguments[0].real), 0x7ff0000000000001u);
  EXPECT_EQ(std::bit_cast<uint64_t>(c.calls[0].arguments[1].real), 0xfff8000000000000u);
  EXPECT_TRUE(std::signbit(c.calls[0].arguments[2].real));
  EXPECT_EQ(c.calls[0].arguments[3].text, std::string("\0\n\"", 3));
  EXPECT_EQ(parse_case(to_text(c), "x"), c);
}

TEST(Text, ErrorsNameTheirPosition) {
  EXPECT_EQ(error_in(""), "1:1: expected 'faultline case 1'");
  EXPECT_EQ(error_in("faultline case 2\n"), "1:16: case format 2: this build reads up to 1");
  EXPECT_EQ(error_after_header(""), "2:1: a case has at least one call");
  EXPECT_EQ(error_after_header("colour red\n").substr(0, 4), "2:1:");
  EXPECT_EQ(error_after_header("subject a\nsubject b\n"), "3:9: a second subject");
  EXPECT_EQ(error_after_header("subject a b\n"), "2:11: expected the end of the line, found 'b'");
  EXPECT_EQ(error_after_header("path zero(0)\ncall r0 a::b()\n"),
            "2:6: layer zero(0): the case has no such storage");
  EXPECT_EQ(error_after_header("path zero(0)+bla\n").substr(0, 5), "2:14:");
  EXPECT_EQ(error_after_header("expect worse\n"), "2:8: expected 'agree' or 'differ KIND'");
  EXPECT_EQ(error_after_header("storage s1 f32[1] zeros\n"),
            "2:9: expected 's0': storages are numbered in order");
  EXPECT_EQ(error_after_header("storage s0 f31[1] zeros\n").substr(0, 5), "2:12:");
  EXPECT_EQ(error_after_header("storage s0 f32[1] gauss\n").substr(0, 5), "2:19:");
  EXPECT_EQ(error_after_header("storage s0 f32[2] values { 1 }\n"),
            "2:30: expected 2 values and then '}', found '}' after 1 values");
  EXPECT_EQ(error_after_header("storage s0 u8[1] values { 256 }\n"),
            "2:27: u8 does not hold 256 exactly; the nearest it holds is 255");
  EXPECT_EQ(error_after_header("storage s0 f32[6] zeros\ninput t0 s0 sizes [7] strides [1] offset 0\n"),
            "3:1: the view needs 7 elements at offset 0, but s0 has 6");
  EXPECT_EQ(error_after_header("input t0 s0 sizes [7] strides [1] offset 0\n"),
            "2:10: 's0' is not declared above");
  EXPECT_EQ(error_after_header("call r0 a::b(t0)\n"), "2:14: 't0' is not declared above");
  EXPECT_EQ(error_after_header("call r0 a::b(r0.0)\n"), "2:14: 'r0.0' is not a result of a call above");
  EXPECT_EQ(error_after_header("call r0 a::b(x=1, 2)\n"),
            "2:19: name either all arguments of a call or none");
  EXPECT_EQ(error_after_header("call r0 a::b(18446744073709551615)\n"),
            "2:14: 18446744073709551615 does not fit 64 bits");
  EXPECT_EQ(error_after_header("call r0 a::b(\"abc)\n"), "2:14: the string has no closing \"");
  EXPECT_EQ(error_after_header("call r0 b(1)\n").substr(0, 4), "2:9:");
  EXPECT_EQ(error_after_header("call r0 a::b(1)\nsubject torch\n").substr(0, 4), "3:1:");
}

TEST(Text, ErrorsInDispatchProgramsNameTheirPosition) {
  EXPECT_EQ(error_after_header("register x\n"), "2:10: expected k0, k1 ...");
  EXPECT_EQ(error_after_header("register k1 def tensor\n"), "2:1: expected k0: they are numbered in order");
  EXPECT_EQ(error_after_header("register k0 def tensor x\n"),
            "2:24: expected the end of the line, found 'x'");
  EXPECT_EQ(error_after_header("register k0 impl tensor CPV boxed returns\n"),
            "2:25: expected a dispatch key such as AutogradCPU");
  EXPECT_EQ(error_after_header("drop k0\n"), "2:1: k0 does not exist");
  EXPECT_EQ(error_after_header("guard g0 include {CPU\n"),
            "3:1: expected ',' or '}' after a dispatch key, found end of text");
  EXPECT_EQ(error_after_header("throw\ncall boxed optional({CPU})\n"),
            "3:1: optional takes 2 arguments, not 1");
  EXPECT_EQ(error_after_header("call boxed tensor(None)\n"), "2:1: argument 0 of tensor cannot be None");
  EXPECT_EQ(error_after_header("call typed any({})\n"), "2:1: an Any argument has no C++ type to call with");
  EXPECT_EQ(error_after_header("call boxed number()\nstorage s0 f32[1] zeros\n"),
            "4:1: a case with a dispatch program has no storages, inputs or calls of operators");
}

TEST(Text, HugeSizesAreErrorsBeforeAllocation) {
  EXPECT_NE(error_after_header("storage s0 f32[9223372036854775807] zeros\n"), "");
  EXPECT_NE(error_after_header("storage s0 c128[268435456] zeros\n"), "");
  EXPECT_NE(error_after_header("storage s0 c128[268435456] values { 1 }\n"), "");
  EXPECT_NE(error_after_header("call r0 a::b(" + std::string(100000, '[')), "");
  EXPECT_NE(error_after_header("call r0 a::b(0" +
                               [] {
                                 std::string many;
                                 for (int i = 0; i < 70000; ++i) many += ",0";
                                 return many;
                               }() +
                               ")\n"),
            "");
  EXPECT_NE(
      error_after_header(
          "storage s0 f32[1] zeros\ninput t0 s0 sizes [4611686018427387904, 4] strides [0, 0] offset 0\n"),
      "");
}

TEST(Text, UnreadableFileIsAnInputError) {
  EXPECT_THROW(read_case("/nonexistent/x.case"), engine::InputError);
  EXPECT_THROW(read_case("/"), engine::InputError);
}

TEST(Text, StoredCasesAreInCanonicalForm) {
  int seen = 0;
  for (std::string folder : {"/corpora/seeds", "/corpora/regressions"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FAULTLINE_SOURCE_DIR + folder)) {
      if (entry.path().extension() != ".case") continue;
      ++seen;
      std::ifstream stream(entry.path());
      std::string line, text;
      while (std::getline(stream, line))
        if (!line.starts_with('#')) text += line + "\n";
      EXPECT_EQ(to_text(read_case(entry.path().string())), text) << entry.path();
    }
  EXPECT_GE(seen, 5);
}

TEST(Text, DictionaryHasEveryLayerDtypeAndFillRule) {
  std::ifstream stream(FAULTLINE_SOURCE_DIR "/corpora/dictionaries/case.dict");
  const std::string dictionary(std::istreambuf_iterator<char>(stream), {});
  std::vector<std::string> words;
  for (const LayerRow& row : all_layers())
    words.push_back(std::string(row.name) + (row.has_number() ? "(0)\"" : "\""));
  for (DType dtype : engine::all_dtypes) words.push_back(std::string(engine::name_of(dtype)) + "[\"");
  for (size_t rule = 0; rule < fill_rule_count; ++rule)
    words.emplace_back(name_of(static_cast<FillRule>(rule)));
  for (const std::string& word : words) EXPECT_NE(dictionary.find("\n\"" + word), std::string::npos) << word;
}

std::string mutated(std::string text, ChoiceSource& choices) {
  constexpr std::array<std::string_view, 20> words{
      "s0",  "t1",   "r0.0", "[",    "]",     "{",      "}",   "(",    ")",  ",",
      "nan", "0x1p", "-",    "None", "\"\\x", "values", "1e9", "f16[", "\n", "99999999999999999999"};
  for (uint64_t n = 1 + choices.below(4); n > 0; --n) {
    const size_t at = choices.below(text.size() + 1);
    const size_t length = choices.below(std::min<size_t>(text.size() - at, 12) + 1);
    switch (choices.below(5)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, choices.pick(words));
        break;
      case 2:
        text.replace(at, length, choices.pick(words));
        break;
      case 3:
        text.insert(at, text.substr(choices.below(text.size() + 1), 40));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(choices.below(256));
    }
  }
  return text;
}

TEST(Text, MutatedTextsAreReadOrAreInputErrors) {
  const char* requested = std::getenv("FAULTLINE_MUTATIONS");  // for longer manual runs
  const uint64_t count = requested == nullptr ? 20000 : std::strtoull(requested, nullptr, 10);
  uint64_t read = 0;
  std::string text(example);
  for (uint64_t i = 0; i < count; ++i) {
    PhiloxChoices choices(1, 2, i);
    if (i % 8 == 0) text = to_text(arbitrary_case(law_catalog(), choices));
    const std::string changed = mutated(text, choices);
    try {
      const Case c = parse_case(changed, "mutated");
      ASSERT_EQ(fault_of(c), "");
      ASSERT_EQ(parse_case(to_text(c), "again"), c);
      ++read;
    } catch (const engine::InputError& error) {
      ASSERT_EQ(error.where().find("mutated:"), 0u) << error.line();
      ASSERT_EQ(error.line().find('\n'), std::string::npos) << error.line();
    }
  }
  EXPECT_GT(read, count / 100);
  EXPECT_LT(read, count / 2);
}

}  // namespace
}  // namespace corpora
