#include "oracles/default_oracles.h"

#include <algorithm>
#include <array>

#include "oracles/subjects/host.h"

namespace oracles {

namespace {

struct OnRequest {
  std::string_view oracle, subject;
  bool if_no_python = false;  // by default only inside Python, whose modes it needs
};

// Findings of fake and cpu_fallback have no known entries yet; not all of batched are true.
constexpr std::array on_request{OnRequest{"fake", "torch"}, OnRequest{"batched", "torch"},
                                OnRequest{"cpu_fallback", "torch"}, OnRequest{"fuser", "torch"},
                                OnRequest{"python", "torch", true}};

}  // namespace

std::vector<const Oracle*> default_oracles(std::string_view subject) {
  std::vector<const Oracle*> chosen = select_oracles("all");
  std::erase_if(chosen, [&](const Oracle* oracle) {
    return std::ranges::any_of(on_request, [&](const OnRequest& row) {
      return row.oracle == oracle->name && row.subject == subject && (!row.if_no_python || !host());
    });
  });
  return chosen;
}

}  // namespace oracles
