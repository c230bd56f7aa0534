#include "engine/fallbacks/table.h"

#include <array>

#include "engine/autograd/not_implemented.h"
#include "engine/dispatch/dispatcher_hook.h"
#include "engine/fallbacks/fallbacks.h"
#include "engine/python/entry_keys.h"
#include "engine/python/python_fallback.h"

namespace engine::fallbacks {

namespace {

struct Row {
  DispatchKey key;  // an alias is every key that it expands to
  Kernel (*kernel)();
};

constexpr std::array rows{
    Row{DispatchKey::ZeroTensor, zero_tensor},
    Row{DispatchKey::Negative, negative},
    Row{DispatchKey::Conjugate, conjugate},
    Row{DispatchKey::BackendSelect, Kernel::fallthrough},      // tensors decide the backend
    Row{DispatchKey::ADInplaceOrView, Kernel::fallthrough},    // operators that write have kernels
    Row{DispatchKey::Autograd, autograd::not_differentiable},  // values as usual, no gradient
    Row{DispatchKey::Python, python_fallback},
    Row{DispatchKey::PythonTLSSnapshot, entry_keys_fallback},
    Row{DispatchKey::PreDispatch, pre_dispatch_fallback},
    Row{DispatchKey::Meta, meta},  // an error that says what is missing
    Row{DispatchKey::PythonDispatcher, python_dispatcher_fallback},
};

}  // namespace

Registrations register_fallbacks(Dispatcher& dispatcher) {
  Registrations made;
  for (const Row& row : rows)
    for (Registration& each : dispatcher.fallback(row.key, row.kernel(), "engine/fallbacks"))
      made.push_back(std::move(each));
  return made;
}

}  // namespace engine::fallbacks
