#include "oracles/compare/accuracy_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "corpora/case/catalog.h"
#include "corpora/case/text_file.h"
#include "engine/core/input_error.h"

namespace embedded {
extern const std::string_view torch_tolerances;
}

namespace oracles {

namespace {

using engine::Tier;

constexpr double default_ulps = 4;  // between two kernels

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

class LineParser {
 public:
  LineParser(std::string_view line, std::string_view name, int number, const corpora::Catalog* catalog)
      : line_(line), name_(name), number_(number), catalog_(catalog) {}

  AccuracyRule rule() {
    // Operator names contain "::"; the colon between two fields has a space before it.
    const size_t first = line_.find(" : ");
    const size_t second = first == std::string_view::npos ? first : line_.find(" : ", first + 3);
    if (second == std::string_view::npos) refuse(line_, "expected 'operators : tier : reason'");
    AccuracyRule rule;
    for (std::string_view glob : list_of(line_.substr(0, first))) {
      if (catalog_ && !matches_one(glob))
        refuse(glob, fmt::format("no operator matches '{}'; `faultline list ops` shows all", glob));
      rule.operators.emplace_back(glob);
    }
    read_accuracy(trimmed(line_.substr(first + 3, second - first - 3)), rule);
    rule.reason = trimmed(line_.substr(second + 3));
    if (rule.reason.empty()) refuse(line_.substr(second), "expected a reason");
    return rule;
  }

 private:
  [[noreturn]] void refuse(std::string_view at, const std::string& message) {
    throw engine::InputError(fmt::format("{}:{}:{}", name_, number_, at.data() - line_.data() + 1), message);
  }

  std::vector<std::string_view> list_of(std::string_view text) {
    std::vector<std::string_view> items;
    for (;;) {
      const size_t comma = text.find(',');
      const std::string_view item = trimmed(text.substr(0, comma));
      if (item.empty()) refuse(item, "expected a name");
      items.push_back(item);
      if (comma == std::string_view::npos) return items;
      text.remove_prefix(comma + 1);
    }
  }

  bool matches_one(std::string_view glob) const {
    return std::ranges::any_of(catalog_->operators(), [&](const corpora::Operator& op) {
      return corpora::glob_match(glob, op.name);
    });
  }

  void read_accuracy(std::string_view text, AccuracyRule& rule) {
    const size_t on = text.find(" on ");
    if (on != std::string_view::npos) {
      for (std::string_view word : list_of(text.substr(on + 4))) rule.classes.push_back(class_named(word));
      text = trimmed(text.substr(0, on));
    }
    const size_t in = text.find(" in ");
    if (in != std::string_view::npos) {
      rule.accuracy.computed_in = format_named(trimmed(text.substr(in + 4)));
      text = trimmed(text.substr(0, in));
    }
    const std::string_view tier = text.substr(0, text.find(' '));
    if (tier.size() != 2 || tier[0] != 't' || tier[1] < '0' || tier[1] > '4')
      refuse(text, "expected a tier, t0 to t4");
    rule.accuracy.tier = static_cast<Tier>(tier[1] - '0' + static_cast<int>(Tier::t0));
    if (in != std::string_view::npos && rule.accuracy.tier == Tier::t0)
      refuse(text, "t0 is bit for bit; a result that is computed in a narrower format is rounded: t1 to t3");
    rule.accuracy.halves_in_f32 = false;
    double between = rule.accuracy.tier == Tier::t0 ? 0 : rule.accuracy.tier == Tier::t1 ? 1 : default_ulps;
    text = trimmed(text.substr(tier.size()));
    if (text.starts_with("ulps="))
      read_number(text, 5, between);
    else if (rule.accuracy.tier == Tier::t3 && text.starts_with("terms="))
      read_number(text, 6, rule.accuracy.terms);
    else if (!text.empty())
      refuse(text, "expected ulps=N, terms=N (t3 only), 'in DTYPE' or 'on CLASS'");
    rule.accuracy.ulps = between / 2;
  }

  void read_number(std::string_view text, size_t at, double& number) {
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !(number >= 0))
      refuse(text, "expected a number, zero or more");
  }

  engine::DTypeClass class_named(std::string_view word) {
    for (engine::DType dtype : engine::all_dtypes)
      if (engine::name_of(engine::class_of(dtype)) == word) return engine::class_of(dtype);
    refuse(word, "expected a dtype class: bool, integer, half, real, complex, float8");
  }

  engine::DType format_named(std::string_view word) {
    const std::optional<engine::DType> dtype = engine::dtype_named(word);
    if (!dtype || !engine::is_floating(*dtype))
      refuse(word, "expected the floating-point dtype that results are computed in, such as f32");
    return engine::component_of(*dtype);
  }

  std::string_view line_, name_;
  int number_;
  const corpora::Catalog* catalog_;
};

bool covers(const AccuracyRule& rule, std::string_view op, engine::DTypeClass dtype_class) {
  const auto matches = [&](const std::string& glob) { return corpora::glob_match(glob, op); };
  return (rule.classes.empty() || std::ranges::count(rule.classes, dtype_class) > 0) &&
         std::ranges::any_of(rule.operators, matches);
}

}  // namespace

AccuracyRules AccuracyRules::parse(std::string_view text, std::string_view name,
                                   const corpora::Catalog* catalog) {
  AccuracyRules parsed;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view content = trimmed(line);
    if (content.empty() || content[0] == '#') continue;
    parsed.rules_.push_back(LineParser(line, name, number, catalog).rule());
  }
  return parsed;
}

const AccuracyRules& AccuracyRules::torch() {
  static const AccuracyRules rules = parse(embedded::torch_tolerances, "torch.tolerances");
  return rules;
}

AccuracyRules AccuracyRules::read(const std::vector<std::string>& files, const corpora::Catalog& catalog) {
  AccuracyRules all;
  for (const std::string& file : files) {
    AccuracyRules one = parse(corpora::text_of_file(file, "a file of tolerances"), file, &catalog);
    std::ranges::move(one.rules_, std::back_inserter(all.rules_));
  }
  return all;
}

std::optional<Accuracy> AccuracyRules::stated(std::string_view op, engine::DTypeClass dtype_class) const {
  for (const AccuracyRule& rule : rules_) {
    if (!covers(rule, op, dtype_class)) continue;
    Accuracy accuracy = rule.accuracy;
    accuracy.reason = rule.reason;
    return accuracy;
  }
  return std::nullopt;
}

Accuracy AccuracyRules::find(std::string_view op, engine::DTypeClass dtype_class) const {
  if (const auto accuracy = stated(op, dtype_class)) return *accuracy;
  return engine::Accuracy{.tier = Tier::t3,
                          .ulps = default_ulps / 2,
                          .reason = "not listed: as a sum of products over all elements",
                          .halves_in_f32 = false};
}

}  // namespace oracles
