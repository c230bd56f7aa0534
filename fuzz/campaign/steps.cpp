// The steps of a real campaign: cases drawn by the schema and the domains, detections investigated by
// reports.
#include "corpora/case/draw.h"
#include "corpora/domains/domains.h"
#include "fuzz/campaign/campaign.h"
#include "reports/reproducer.h"

namespace fuzz {

CampaignResult run_campaign(oracles::Subject& subject, const corpora::Domains& domains,
                            const reports::KnownEntries& known, const CampaignOptions& options) {
  // Looked up once here: workers are forked for each chunk and would each look up again.
  for (const size_t index : options.operators) domains.of(subject.catalog().operators()[index]);
  const CampaignSteps steps{
      [&](const corpora::Operator& op, corpora::ChoiceSource& choices) {
        return corpora::draw(subject.catalog(), op, domains, choices);
      },
      reports::investigate,
      [](const std::vector<std::string>& directories, const std::function<bool(size_t, size_t)>& ran) {
        return reports::verify_reproducers(directories, ran);
      }};
  return run_campaign(subject, steps, known, options);
}

}  // namespace fuzz
