// For tests: the stack of a call with positional and keyword arguments.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/core/stack.h"
#include "engine/dispatch/arguments.h"

namespace engine {

using KeywordArguments = std::vector<std::pair<std::string, Value>>;

// Fills in defaults. Throws Error(type) if an argument has no value or one of a wrong type.
inline Stack normalized(const Schema& schema, const std::vector<Value>& positional,
                        const KeywordArguments& keywords = {}) {
  Stack stack;
  size_t used = positional.size();
  for (const Argument& argument : schema.arguments) {
    const auto keyword = std::ranges::find(keywords, argument.name, &KeywordArguments::value_type::first);
    std::optional<Value> value;
    if (stack.size() < positional.size()) {
      value = fitted(positional[stack.size()], argument.type);
    } else if (keyword != keywords.end()) {
      value = fitted(keyword->second, argument.type);
      ++used;
    } else if (argument.default_value) {
      value = value_of(*argument.default_value, argument.type);
    }
    if (!value) throw Error(to_string(schema) + ": no value for " + argument.name, ErrorKind::type);
    stack.push_back(*std::move(value));
  }
  CHECK(positional.size() <= stack.size() && used == positional.size() + keywords.size(),
        to_string(schema) + ": unused arguments");
  return stack;
}

}  // namespace engine
