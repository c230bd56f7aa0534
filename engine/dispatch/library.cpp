#include "engine/dispatch/library.h"

#include <fmt/format.h>

#include "engine/core/error.h"
#include "engine/dispatch/schema_parser.h"

namespace engine {

Library::Library(Dispatcher& dispatcher, std::string name_space, std::string where)
    : dispatcher_(dispatcher), name_space_(std::move(name_space)), where_(std::move(where)) {}

std::string Library::with_namespace(std::string_view name) const {
  const size_t colons = name.find("::");
  if (colons == std::string_view::npos) return fmt::format("{}::{}", name_space_, name);
  if (name.substr(0, colons) != name_space_)
    throw Error(fmt::format("{} at {} is registered in a library of namespace {}", name, where_, name_space_),
                ErrorKind::registration);
  return std::string(name);
}

void Library::def(std::string_view schema, const Accuracy& accuracy) {
  Schema parsed = parse_schema(schema);
  parsed.name = with_namespace(parsed.name);
  registrations_.push_back(dispatcher_.define(std::move(parsed), where_, accuracy));
}

void Library::impl(std::string_view name, DispatchKey key, Kernel kernel) {
  registrations_.push_back(dispatcher_.implement(with_namespace(name), key, std::move(kernel), where_));
}

void Library::keep() { dispatcher_.keep(std::exchange(registrations_, {})); }

}  // namespace engine
