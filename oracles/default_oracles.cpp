#include "oracles/default_oracles.h"

#include <algorithm>
#include <array>

#include "oracles/subjects/host.h"

namespace oracles {

namespace {

struct OnRequest {
  std::string_view oracle, subject;
  enum class Where : uint8_t { everywhere, without_python, in_python } where = Where::everywhere;
};

// Findings of fake, and of functionalize on 2.x, have no known entries yet; not all of batched are true.
constexpr std::array on_request{OnRequest{"fake", "torch"}, OnRequest{"functionalize", "torch"},
                                OnRequest{"batched", "torch"},
                                // It needs Python's modes.
                                OnRequest{"python", "torch", OnRequest::Where::without_python},
                                // Operators written in Python fail it in ways that are PyTorch's.
                                OnRequest{"autograd", "torch", OnRequest::Where::in_python}};

}  // namespace

std::vector<const Oracle*> default_oracles(std::string_view subject) {
  std::vector<const Oracle*> chosen = select_oracles("all");
  std::erase_if(chosen, [&](const Oracle* oracle) {
    return std::ranges::any_of(on_request, [&](const OnRequest& row) {
      const auto elsewhere = host() ? OnRequest::Where::without_python : OnRequest::Where::in_python;
      return row.oracle == oracle->name && row.subject == subject && row.where != elsewhere;
    });
  });
  return chosen;
}

}  // namespace oracles
