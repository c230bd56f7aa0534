// The operator that represents dispatch programs in the catalog of a subject that runs them. Off limits: it
// is drawn for the dispatch oracle only.
#pragma once

#include "corpora/case/catalog.h"
#include "corpora/case/program.h"
#include "engine/dispatch/schema_parser.h"

namespace oracles {

inline corpora::Operator program_operator() {
  corpora::Operator op;
  op.schema = engine::parse_schema(std::string(corpora::program_operator) + "() -> ()");
  op.name = corpora::program_operator;
  op.off_limits = true;
  return op;
}

}  // namespace oracles
