#include "properties/case_supplies.h"

#include <filesystem>

#include "corpora/case/program.h"
#include "oracles/make_subject.h"

namespace properties {

using corpora::Supply;

namespace {

Supply supply_of(const oracles::Subject& subject) {
  return {subject.catalog(), subject.domains(), corpora::select(subject.catalog(), {}), {}};
}

}  // namespace

const Supply& engine_supply() {
  static const auto subject = oracles::make_subject("engine", {});
  static const Supply supply = [] {
    Supply made = supply_of(*subject);
    const corpora::Catalog& catalog = made.catalog;
    const auto program = catalog.find(corpora::program_operator) - catalog.operators().data();
    made.operators.insert(made.operators.end(), made.operators.size() / 3, static_cast<size_t>(program));
    return made;
  }();
  return supply;
}

bool has_torch() { return std::filesystem::exists(FAULTLINE_BINARY_DIR "/lib/libfaultline_torch.so"); }

const Supply& torch_supply() {
  static const auto subject = oracles::make_subject("torch", {});
  static const Supply supply = supply_of(*subject);
  return supply;
}

}  // namespace properties
