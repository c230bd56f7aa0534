#include "oracles/isolation/verdict_line.h"

#include "corpora/case/path.h"
#include "oracles/compare/divergence_json.h"

namespace oracles {

using Json = nlohmann::ordered_json;

std::string to_json_line(const Verdict& verdict, const std::vector<Raise>& raises) {
  Json json = {{"judgement", static_cast<int>(verdict.judgement)},
               {"why", verdict.why},
               {"left", corpora::to_string(verdict.left)},
               {"right", corpora::to_string(verdict.right)},
               {"reach", static_cast<int>(verdict.reach)},
               {"worst_share", number_json(verdict.worst_share)},
               {"right_case", verdict.right_case}};
  if (verdict.is_detection()) {
    json["kind"] = static_cast<int>(verdict.divergence.kind);
    json["divergence"] = to_json(verdict.divergence);
  }
  for (const Raise& raise : raises)
    json["raises"].push_back(
        {corpora::to_string(raise.path), raise.call, raise.op, raise.error_class, raise.message});
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Verdict verdict_from_json_line(const std::string& line, std::vector<Raise>* raises) {
  const Json json = Json::parse(line);
  Verdict verdict;
  verdict.judgement = static_cast<Judgement>(json.at("judgement").get<int>());
  verdict.why = json.at("why");
  verdict.left = corpora::parse_path(json.at("left").get<std::string>());
  verdict.right = corpora::parse_path(json.at("right").get<std::string>());
  verdict.reach = static_cast<Reach>(json.at("reach").get<int>());
  verdict.worst_share = number_from(json.at("worst_share"));
  verdict.right_case = json.at("right_case");
  if (const auto found = json.find("divergence"); found != json.end())
    verdict.divergence = divergence_from(*found, static_cast<Kind>(json.at("kind").get<int>()));
  if (!raises) return verdict;
  raises->clear();
  if (const auto found = json.find("raises"); found != json.end())
    for (const Json& one : *found)
      raises->push_back(
          {corpora::parse_path(one.at(0).get<std::string>()), one.at(1), one.at(2), one.at(3), one.at(4)});
  return verdict;
}

}  // namespace oracles
