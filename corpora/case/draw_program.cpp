#include "corpora/case/draw_program.h"

#include <optional>

namespace corpora {

namespace {

using engine::Backend;
using engine::DispatchKey;
using engine::KeySet;
using enum engine::DispatchKey;

constexpr std::array backends{Backend::CPU, Backend::CPU, Backend::CUDA,        Backend::Meta,
                              Backend::XLA, Backend::HIP, Backend::PrivateUse1, Backend::VE};
constexpr std::array aliases{CompositeImplicitAutograd,
                             CompositeImplicitAutograd,
                             CompositeExplicitAutograd,
                             CompositeExplicitAutogradNonFunctional,
                             Autograd,
                             CompositeImplicitAutogradNestedTensor};
constexpr std::array per_backend{
    Dense, Dense, Quantized, Sparse, NestedTensor, AutogradFunctionality, AutogradFunctionality};
constexpr std::array layers{BackendSelect,
                            Python,
                            Functionalize,
                            Named,
                            Conjugate,
                            Negative,
                            ZeroTensor,
                            ADInplaceOrView,
                            AutogradOther,
                            Tracer,
                            AutogradNestedTensor,
                            AutocastCPU,
                            Batched,
                            FuncTorchBatched,
                            VmapMode,
                            PythonTLSSnapshot,
                            FPGA,
                            MkldnnCPU,
                            Vulkan,
                            Metal,
                            DeferredInit,
                            TESTING_ONLY_GenericWrapper,
                            PythonDispatcher,
                            PythonDispatcher,
                            PythonDispatcher,
                            CustomRNGKeyId};
// Keys that PyTorch 1.13 does not have.
constexpr std::array main_layers{PreDispatch, BatchedNestedTensor, AutocastMTIA, AutocastMAIA, SparseCsr};

class ProgramDraw {
 public:
  explicit ProgramDraw(ChoiceSource& choices) : choices_(choices) {}

  Program draw() {
    main_keys_ = choices_.chance(1, 16);
    ops_[0] = op();
    ops_[1] = choices_.chance(1, 3) ? op() : ops_[0];
    focus_ = choices_.pick(backends);
    layer_ = choices_.pick(layers);
    theme_ = static_cast<Theme>(choices_.below(4));
    const uint64_t count = 2 + choices_.below(5) + choices_.below(20);
    if (!choices_.chance(1, 8)) define(ops_[0]);
    while (made_.size() < count) statement();
    return std::move(made_);
  }

 private:
  ProgramOp op() { return static_cast<ProgramOp>(choices_.below(program_op_count)); }
  ProgramOp chosen_op() { return ops_[choices_.below(2)]; }
  Backend backend() { return choices_.chance(2, 3) ? focus_ : choices_.pick(backends); }
  DispatchKey layer() {
    if (main_keys_ && choices_.chance(1, 3)) return choices_.pick(main_layers);
    return choices_.chance(1, 2) ? layer_ : choices_.pick(layers);
  }
  // A key that a table has a slot for.
  DispatchKey runtime_key() {
    const bool of_layer = choices_.chance(1, 3);
    const Backend at = backend();
    return engine::runtime_key(of_layer ? layer() : choices_.pick(per_backend), at);
  }
  // Often a key that already has a kernel, so that a call must choose between kernels.
  DispatchKey registered_key() {
    if (!keys_.empty() && choices_.chance(1, 3))
      return choices_.chance(1, 2) ? keys_.front() : choices_.pick(keys_);
    const uint64_t kind = choices_.below(16);
    if (kind < 6) return choices_.pick(aliases);
    if (kind == 15) return choices_.chance(1, 2) ? Undefined : choices_.pick(per_backend);
    return runtime_key();
  }

  void add_registration(Statement s) {
    s.number = registered_++;
    if (s.kind != StatementKind::define) keys_.push_back(s.key);
    registrations_.push_back(s);
    made_.push_back(std::move(s));
  }
  void define(ProgramOp op) { add_registration({.kind = StatementKind::define, .op = op}); }

  void implement() {
    Statement s{.kind = StatementKind::implement, .op = chosen_op(), .key = registered_key()};
    const uint64_t flavour = s.op == ProgramOp::any ? 0 : choices_.below(16);
    s.flavour = flavour < 10 ? Flavour::boxed : flavour < 15 ? Flavour::typed : Flavour::other_type;
    s.act = act(s.flavour == Flavour::boxed);
    if (s.flavour == Flavour::boxed && choices_.chance(1, 5)) s.act = act_on_arguments(s.op);
    add_registration(std::move(s));
  }
  Act act(bool boxed) {
    if (boxed && theme_ == Theme::drops && choices_.chance(1, 4)) return Act::falls_through;
    const uint64_t kind = choices_.below(16);
    if (kind < 5) return Act::returns;
    if (kind < 8) return Act::redispatches;
    if (kind < 10) return Act::recalls;
    if (kind < 12) return Act::throws;
    if (!boxed) return Act::redispatches;
    if (kind < 15) return Act::falls_through;
    return static_cast<Act>(static_cast<uint64_t>(Act::other_tensor) + choices_.below(3));
  }
  Act act_on_arguments(ProgramOp op) {
    if (takes_list(op)) return Act::writes_list;
    return op == ProgramOp::in_place ? Act::other_tensor : Act::two_results;
  }
  void fallback() {
    const DispatchKey key = choices_.chance(1, 40) ? choices_.pick(aliases) : runtime_key();
    const bool falls_through = choices_.chance(1, 3);  // as most fallbacks do
    add_registration(
        {.kind = StatementKind::fallback, .key = key, .act = falls_through ? Act::falls_through : act(true)});
  }

  // Removes an element; in one of `odds` draws, the last.
  template <class T>
  T take_one(std::vector<T>& items, uint64_t odds) {
    const size_t at = choices_.chance(1, odds) ? items.size() - 1 : choices_.below(items.size());
    T taken = std::move(items[at]);
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    return taken;
  }

  void drop() {
    if (registrations_.empty()) return implement();
    const Statement dropped = take_one(registrations_, 3);
    made_.push_back({.kind = StatementKind::drop, .number = dropped.number});
    if (dropped.kind == StatementKind::define) return;
    dropped_ = dropped.key;
    // The call comes before another registration updates the dispatch tables.
    if (choices_.chance(2, 3)) new_call(dropped.kind == StatementKind::implement ? dropped.op : chosen_op());
  }

  KeySet some_keys() {
    KeySet keys;
    for (uint64_t left = 1 + choices_.below(2); left > 0; --left) keys |= runtime_key();
    return choices_.chance(1, 12) ? keys | choices_.pick(per_backend) : keys;
  }
  void guard() {
    Statement s{.kind = StatementKind::guard, .number = guards_++};
    const uint64_t kind = choices_.below(8);
    s.guard = kind < 4 ? GuardKind::include : kind < 7 ? GuardKind::exclude : GuardKind::force;
    s.keys = some_keys();
    if (s.guard == GuardKind::force) s.excluded = some_keys();
    open_.push_back(s.number);
    made_.push_back(s);
  }
  void end() {
    if (open_.empty()) return guard();
    made_.push_back({.kind = StatementKind::end, .number = take_one(open_, 2)});
  }
  void unwind() {
    open_.clear();
    made_.push_back({.kind = StatementKind::unwind});
  }

  KeySet tensor_keys() {
    const Backend at = backend();
    KeySet keys = engine::runtime_key(choices_.chance(4, 5) ? Dense : choices_.pick(per_backend), at);
    if (choices_.chance(2, 3))
      keys |= KeySet{ADInplaceOrView, engine::runtime_key(AutogradFunctionality, at)};
    if (choices_.chance(1, 3)) keys |= layer();
    if (choices_.chance(1, 16)) keys = some_keys();
    if (!keys_.empty() && choices_.chance(1, 2)) keys |= choices_.pick(keys_);  // to reach its kernel
    if (dropped_ && choices_.chance(2, 3)) keys |= *dropped_;  // to reach what replaces the dropped kernel
    return keys;
  }
  ProgramArgument argument(ProgramOp op, size_t index) {
    using Kind = ProgramArgument::Kind;
    const uint64_t kind = choices_.below(8);
    if (op == ProgramOp::generator) return {kind < 4 ? Kind::given : Kind::none, {}};
    const bool optional =
        op == ProgramOp::any || (op != ProgramOp::in_place && op != ProgramOp::list && index > 0);
    if (kind == 0) return {Kind::undefined, {}};
    if (kind < 3 && optional) return {Kind::none, {}};
    return {Kind::given, tensor_keys()};
  }
  // A repeated call shows what has changed since.
  void call() {
    if (!calls_.empty() && choices_.chance(theme_ == Theme::drops ? 2 : 1, 3)) {
      Statement again = choices_.pick(calls_);
      if (again.op != ProgramOp::any && choices_.chance(1, 3)) again.typed = !again.typed;
      made_.push_back(std::move(again));
      return;
    }
    new_call(chosen_op());
  }
  void new_call(ProgramOp op) {
    Statement s{.kind = StatementKind::call, .op = op};
    s.typed = s.op != ProgramOp::any && choices_.chance(1, 2);
    s.redispatch = choices_.chance(1, 5);
    if (s.redispatch) s.keys = choices_.chance(3, 4) ? tensor_keys() : some_keys();
    if (s.redispatch && choices_.chance(1, 4)) s.keys = choices_.pick(per_backend);  // without a backend
    const size_t count = fixed_arguments(s.op) + (takes_list(s.op) ? choices_.below(4) : 0);
    for (size_t i = 0; i < count; ++i) s.arguments.push_back(argument(s.op, i));
    calls_.push_back(s);
    made_.push_back(std::move(s));
  }

  void statement() {
    if (choices_.chance(1, 2)) {
      if (theme_ == Theme::guards) return choices_.chance(1, 2) ? guard() : end();
      if (theme_ == Theme::drops) return choices_.chance(1, 2) ? drop() : call();
    }
    const uint64_t kind = choices_.below(32);
    if (kind < 10) return call();
    if (kind < 18) return implement();
    if (kind < 20) return fallback();  // few: they are slow in a dispatcher of thousands of operators
    if (kind < 23) return define(chosen_op());
    if (kind < 26) return drop();
    if (kind < 29) return guard();
    if (kind < 31) return end();
    unwind();
  }

  // Half of the statements of a program are about its theme.
  enum class Theme : uint8_t { any, guards, drops };

  ChoiceSource& choices_;
  Program made_;
  std::array<ProgramOp, 2> ops_{};
  Backend focus_ = Backend::CPU;
  DispatchKey layer_ = BackendSelect;
  bool main_keys_ = false;
  int32_t registered_ = 0, guards_ = 0;
  std::vector<Statement> registrations_;  // those not dropped yet
  std::vector<int32_t> open_;             // guards
  std::vector<DispatchKey> keys_;         // of all registrations, also dropped ones
  std::optional<DispatchKey> dropped_;
  std::vector<Statement> calls_;
  Theme theme_ = Theme::any;
};

}  // namespace

Program draw_program(ChoiceSource& choices) { return ProgramDraw(choices).draw(); }

}  // namespace corpora
