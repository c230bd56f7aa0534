// Operator gaps: what keeps Faultline from testing an operator in depth, and what its author can write: a
// kernel, a formula, or a sample of the arguments that the operator accepts.
#pragma once

#include <string>
#include <vector>

#include "reports/tally.h"

namespace reports {

// The gaps that its subject reports, without a formula that no accepted call could use, and `accepted_call`
// if no drawn call, or hardly any, was accepted.
std::vector<oracles::OperatorGap> gaps_of(const OperatorTally& tally);

std::string_view name_of(oracles::Gap gap);  // "meta_kernel"
std::string_view noun_of(oracles::Gap gap);  // "Meta kernel"
// "no Meta kernel", "no call was ever accepted: last error 'RuntimeError: ...'".
std::string text_of(oracles::Gap gap, const OperatorTally& tally);
// What to do: "write TORCH_LIBRARY_IMPL(...)", a line for each way.
std::vector<std::string> advice_of(const oracles::OperatorGap& gap);

// [{"what": "meta_kernel", "write": "...", "write_python": "..."}].
Json gaps_json(const std::vector<oracles::OperatorGap>& gaps);
std::vector<oracles::OperatorGap> gaps_from(const Json& json);  // without accepted_call, which counts decide

// "97 %", "0.02 %", "never".
std::string accepted_share(const OperatorTally& tally);

// Those of `oracles` that judged the operator, in words: "all 10", "8: not meta, variants", "2: schema,
// state", "none". An oracle has judged if one of its checks compared two results and, for an oracle with a
// dispatch key, an accepted call met that key.
std::string judges_text(const OperatorTally& tally, const std::vector<std::string>& oracles);

}  // namespace reports
