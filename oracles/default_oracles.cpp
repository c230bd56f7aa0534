#include "oracles/default_oracles.h"

#include <algorithm>
#include <array>
#include <optional>

#include "oracles/subjects/host.h"

namespace oracles {

namespace {

enum class Where : uint8_t { everywhere, outside_python, inside_python };

// The oracle judges the subject only if it is named.
struct OnRequest {
  std::string_view oracle, subject;
  Where where = Where::everywhere;
};

// Some causes that batched finds in PyTorch have no known entries yet. fake and python need PyTorch's Python.
// Operators that are registered in Python are for all devices, also if their authors think of the CPU only,
// so that cpu_fallback would find the device that many forget.
constexpr std::array on_request{OnRequest{"batched", "torch"},
                                OnRequest{"fake", "torch", Where::outside_python},
                                OnRequest{"python", "torch", Where::outside_python},
                                OnRequest{"cpu_fallback", "torch", Where::inside_python}};

bool applies(const OnRequest& row) {
  return row.where == Where::everywhere || (row.where == Where::inside_python) == (host() != nullptr);
}

// Of a subject, the oracle judges one case in so many unless it is named.
struct Rarely {
  std::string_view oracle, subject;
  int share;
};
constexpr std::array rarely{Rarely{"fake", "torch", 8}, Rarely{"cpu_fallback", "torch", 4},
                            Rarely{"fuser", "torch", 32}};

// The oracle, or a copy with that share.
const Oracle* with_share(const Oracle* oracle, std::string_view subject) {
  static std::array<std::optional<Oracle>, rarely.size()> copies;
  for (size_t i = 0; i < rarely.size(); ++i) {
    if (rarely[i].oracle != oracle->name || rarely[i].subject != subject) continue;
    if (!copies[i]) {
      copies[i] = *oracle;
      copies[i]->share = rarely[i].share;
    }
    return &*copies[i];
  }
  return oracle;
}

}  // namespace

std::vector<const Oracle*> default_oracles(std::string_view subject) {
  std::vector<const Oracle*> chosen = select_oracles("all");
  std::erase_if(chosen, [&](const Oracle* oracle) {
    return std::ranges::any_of(on_request, [&](const OnRequest& row) {
      return row.oracle == oracle->name && row.subject == subject && applies(row);
    });
  });
  for (const Oracle*& oracle : chosen) oracle = with_share(oracle, subject);
  return chosen;
}

}  // namespace oracles
