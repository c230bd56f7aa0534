// Sentences are replaced here, and a stored finding does not depend on them.
#include <gtest/gtest.h>

#include "oracles/compare/divergence_text.h"
#include "reports/example_findings.h"
#include "reports/finding_json.h"
#include "reports/finding_text.h"
#include "reports/json_text.h"

namespace reports {
namespace {

TEST(Scrambled, SentencesAreReplaced) {
  const Finding finding = example::zero_strides();
  EXPECT_EQ(text_of(finding).title, text_of(finding).left.text);
  EXPECT_EQ(text_of(finding).title, oracles::to_text(finding.verdict.divergence.place));
  EXPECT_NE(to_json(finding).find("with a wider out."), std::string::npos);
}

TEST(Scrambled, StoredSentencesAreNotReadBack) {
  const Finding finding = example::zero_strides();
  Json json = Json::parse(to_json(finding));
  json["text"] = "gone";
  const Finding back = finding_from_json(json.dump(), "finding.json");
  EXPECT_EQ(to_json(back), to_json(finding));
}

}  // namespace
}  // namespace reports
