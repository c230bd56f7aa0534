#include "fuzz/campaign/pending.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "corpora/case/text.h"
#include "engine/core/input_error.h"
#include "oracles/compare/divergence_json.h"
#include "reports/files.h"
#include "reports/origin_json.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string file_name_of(const oracles::Signature& signature, uint64_t index) {
  std::string name;
  for (const char c : oracles::to_string(signature)) {
    if (c == '/') {
      name += '-';
    } else if (c == ':') {
      if (name.empty() || name.back() != '.') name += '.';
    } else {
      name += c;
    }
  }
  return fmt::format("{}-{}.case", name, index);
}

// The origin is a comment, one line before the case.
constexpr std::string_view kOriginMark = "# detection ";

std::string to_text(const Json& origin, std::string_view raw_case) {
  return fmt::format("{}{}\n{}", kOriginMark, origin.dump(-1, ' ', false, Json::error_handler_t::replace),
                     raw_case);
}

Json origin_in(std::string_view text) {
  if (!text.starts_with(kOriginMark)) return Json::value_t::discarded;
  text.remove_prefix(kOriginMark.size());
  return Json::parse(text.substr(0, text.find('\n')), nullptr, false);
}

std::optional<Pending> read_one(const fs::path& file) {
  const std::string text = read_text(file);
  const Json json = origin_in(text);
  if (json.is_discarded()) return std::nullopt;
  try {
    Pending pending;
    pending.name = file.filename();
    pending.run = json.at("run");
    pending.process_began = json.at("process_began");
    reports::Detection& detection = pending.detection;
    detection.raw = corpora::parse_case(text, pending.name);
    const auto kind = oracles::kind_named(json.at("kind").get<std::string>());
    if (!kind) return std::nullopt;
    detection.signature = {json.at("subject"), json.at("oracle"), json.at("operator"), *kind};
    detection.origin = reports::origin_of(json.at("origin"));
    return pending;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const engine::InputError&) {
    return std::nullopt;
  }
}

}  // namespace

void write_pending(OutDirectory& out, const Pending& pending, const oracles::Verdict& verdict) {
  const reports::Detection& detection = pending.detection;
  const oracles::Signature& signature = detection.signature;
  const reports::Origin& origin = detection.origin;
  const Json json = {{"subject", signature.subject},
                     {"oracle", signature.oracle},
                     {"operator", signature.op},
                     {"kind", oracles::name_of(signature.kind)},
                     {"divergence", oracles::to_json(verdict.divergence)},
                     {"origin", reports::json_of(origin)},
                     {"run", pending.run},
                     {"process_began", pending.process_began}};
  out.write_file(out.pending() / file_name_of(signature, origin.index),
                 to_text(json, corpora::to_text(detection.raw)));
}

std::vector<Pending> read_pending(const OutDirectory& out) {
  std::vector<Pending> all;
  for (const auto& entry : fs::directory_iterator(out.pending()))
    if (auto one = read_one(entry.path())) all.push_back(std::move(*one));
  std::ranges::sort(all, {}, [](const Pending& p) {
    return std::tuple(oracles::to_string(p.detection.signature), p.run, p.detection.origin.index, p.name);
  });
  return all;
}

void rename_other_runs(OutDirectory& out, const std::string& run) {
  for (const Pending& pending : read_pending(out)) {
    const std::string stem = fs::path(pending.name).stem();
    if (pending.run == run || stem.ends_with(pending.run)) continue;
    fs::rename(out.pending() / pending.name, out.pending() / fmt::format("{}-{}.case", stem, pending.run));
  }
}

void set_aside_unconfirmed(OutDirectory& out, const Pending& pending, const std::string& why) {
  const fs::path from = out.pending() / pending.name;
  const std::string text = read_text(from);
  Json origin = origin_in(text);
  if (origin.is_object()) origin["unconfirmed"] = why;
  reports::make_folder(out.unconfirmed());
  out.write_file(out.unconfirmed() / pending.name, to_text(origin, text.substr(text.find('\n') + 1)));
  forget(out, pending);
}

void forget(const OutDirectory& out, const Pending& pending) {
  std::error_code ignored;
  fs::remove(out.pending() / pending.name, ignored);
}

std::vector<Pending> keep_lowest(const OutDirectory& out, std::vector<Pending> sorted) {
  std::map<std::pair<std::string, std::string>, size_t> kept_of;
  std::vector<Pending> kept;
  for (Pending& pending : sorted) {
    size_t& count = kept_of[{pending.run, oracles::to_string(pending.detection.signature)}];
    if (count++ < kKeptPerSignature) {
      kept.push_back(std::move(pending));
      continue;
    }
    forget(out, pending);
  }
  return kept;
}

}  // namespace fuzz
