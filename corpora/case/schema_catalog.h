// Operators and catalogs from the text of schemas, for tests.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "corpora/case/catalog.h"
#include "engine/dispatch/schema_parser.h"

namespace corpora {

inline std::vector<Operator> operators_of(std::initializer_list<std::string_view> schemas) {
  std::vector<Operator> operators;
  for (std::string_view schema : schemas) operators.push_back({.schema = engine::parse_schema(schema)});
  return operators;
}

inline Catalog catalog_of(std::initializer_list<std::string_view> schemas) {
  return Catalog(operators_of(schemas));
}

}  // namespace corpora
