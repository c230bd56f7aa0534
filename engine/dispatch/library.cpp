#include "engine/dispatch/library.h"

#include <fmt/format.h>

#include "engine/core/error.h"

namespace engine {

Library::Library(Dispatcher& dispatcher, std::string name_space, Kind kind, std::string where)
    : dispatcher_(dispatcher), name_space_(std::move(name_space)), kind_(kind), where_(std::move(where)) {
  if (name_space_ == "_" && kind_ != Kind::implements)
    throw Error("the namespace _ is for fallbacks: it can only implement", ErrorKind::registration);
  if (kind_ == Kind::owner) registrations_.push_back(dispatcher_.own_namespace(name_space_, where_));
}

std::string Library::with_namespace(std::string_view name) const {
  const size_t colons = name.find("::");
  if (colons == std::string_view::npos) return fmt::format("{}::{}", name_space_, name);
  if (name.substr(0, colons) != name_space_)
    throw Error(fmt::format("{} at {} is registered in a library of namespace {}", name, where_, name_space_),
                ErrorKind::registration);
  return std::string(name);
}

void Library::refuse_definition(std::string_view what) const {
  if (kind_ == Kind::implements)
    throw Error(fmt::format("{} at {}: this library only implements operators; define them in a fragment",
                            what, where_),
                ErrorKind::registration);
}

void Library::def(std::string_view schema, const Accuracy& accuracy) {
  refuse_definition(schema);
  Schema parsed = parse_schema(schema);
  parsed.name = with_namespace(parsed.name);
  registrations_.push_back(dispatcher_.define(std::move(parsed), where_, accuracy));
}

void Library::def(std::string_view name, const Kernel& kernel) {
  refuse_definition(name);
  const std::string qualified = with_namespace(name);
  Registration definition = dispatcher_.define_inferred(qualified, kernel, where_);
  Registration implementation = dispatcher_.implement(qualified, DispatchKey::Undefined, kernel, where_);
  registrations_.push_back(std::move(definition));
  registrations_.push_back(std::move(implementation));
}

void Library::impl(std::string_view name, DispatchKey key, Kernel kernel) {
  registrations_.push_back(dispatcher_.implement(with_namespace(name), key, std::move(kernel), where_));
}

void Library::fallback(DispatchKey key, const Kernel& kernel) {
  if (name_space_ != "_")
    throw Error(
        fmt::format("a fallback for {} at {}: fallbacks serve all namespaces, and belong to one named _",
                    name_of(key), where_),
        ErrorKind::registration);
  for (Registration& each : dispatcher_.fallback(key, kernel, where_))
    registrations_.push_back(std::move(each));
}

void Library::reset() {
  while (!registrations_.empty()) registrations_.pop_back();
}

void Library::keep() {
  dispatcher_.keep(std::move(registrations_));
  registrations_.clear();
}

}  // namespace engine
