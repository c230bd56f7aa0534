#include "reports/fingerprint.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace reports {
namespace {

// Parts are separated by a byte that no part contains, so that different lists give different texts.
std::string digits_of(const oracles::Signature& s, std::string_view op,
                      const std::vector<std::string>& features) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n", s.subject, s.oracle, op, oracles::name_of(s.kind));
  for (const std::string& feature : features) text += feature + '\n';
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace

std::string fingerprint_of(const oracles::Signature& signature, const std::vector<std::string>& features) {
  return digits_of(signature, signature.op, features);
}

std::string group_of(const oracles::Signature& signature, const std::vector<std::string>& features) {
  return digits_of(signature, "", features);
}

}  // namespace reports
