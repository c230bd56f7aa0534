// Laws of the text form: nothing is lost on the way, and broken text is refused with its place, never worse.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "properties/torch_catalog.h"

namespace {

using properties::drawn;

TEST(TextForm, DrawnCasesComeBackAsTheyWere) {
  SKIP_WITHOUT_TORCH();
  EXPECT_TRUE(rc::check([](uint64_t seed, uint64_t op, uint16_t index) {
    const corpora::Case c = drawn(seed, op, index);
    const std::string text = corpora::to_text(c);
    const corpora::Case back = corpora::parse_case(text, "drawn");
    RC_ASSERT(back == c);
    RC_ASSERT(corpora::to_text(back) == text);
  }));
}

// "NAME:LINE:COLUMN", and one line.
bool is_placed(const engine::InputError& error) {
  const std::string where = error.where();
  const size_t first = where.find(':');
  return first != std::string::npos && where.find(':', first + 1) != std::string::npos &&
         error.line().find('\n') == std::string::npos;
}

TEST(TextForm, MutatedTextIsParsedOrRefusedWithItsPlace) {
  SKIP_WITHOUT_TORCH();
  EXPECT_TRUE(rc::check(
      [](uint64_t seed, uint64_t op, const std::vector<std::pair<uint16_t, char>>& edits, bool cut) {
        std::string text = corpora::to_text(drawn(seed, op, 0));
        for (const auto& [at, byte] : edits) text[at % text.size()] = byte;
        if (cut) text.resize(seed % text.size());
        try {
          const corpora::Case c = corpora::parse_case(text, "mutated");
          RC_ASSERT(corpora::fault_of(c) == "");
        } catch (const engine::InputError& error) {
          RC_ASSERT(is_placed(error));
        }
      }));
}

}  // namespace
