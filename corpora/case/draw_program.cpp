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
// What PyTorch 1.13 does not have.
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
  // Often one that has a kernel already: which of them a call gets is a question of its own.
  DispatchKey registered_key() {
    if (!keys_.empty() && choices_.chance(1, 3))
      return choices_.chance(1, 2) ? keys_.front() : choices_.pick(keys_);
    const uint64_t kind = choices_.below(16);
    if (kind < 6) return choices_.pick(aliases);
    if (kind == 15) return choices_.chance(1, 2) ? Undefined : choices_.pick(per_backend);
    return runtime_key();
  }

  Statement made(StatementKind kind) {
    Statement s;
    s.kind = kind;
    return s;
  }
  Statement& registered(Statement s) {
    s.number = registered_++;
    here_.push_back(s);
    if (s.kind != StatementKind::define) keys_.push_back(s.key);
    return made_.emplace_back(std::move(s));
  }
  void define(ProgramOp op) { registered(made(StatementKind::define)).op = op; }

  void implement() {
    Statement s = made(StatementKind::implement);
    s.op = chosen_op();
    s.key = registered_key();
    const uint64_t flavour = s.op == ProgramOp::any ? 0 : choices_.below(16);
    s.flavour = flavour < 10 ? Flavour::boxed : flavour < 15 ? Flavour::typed : Flavour::other_type;
    s.act = act(s.flavour == Flavour::boxed);
    if (s.flavour == Flavour::boxed && choices_.chance(1, 5)) s.act = act_about_arguments(s.op);
    registered(std::move(s));
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
  Act act_about_arguments(ProgramOp op) {
    if (takes_list(op)) return Act::writes_list;
    return op == ProgramOp::in_place ? Act::other_tensor : Act::two_results;
  }
  void fallback() {
    Statement s = made(StatementKind::fallback);
    s.key = choices_.chance(1, 40) ? choices_.pick(aliases) : runtime_key();
    s.act = choices_.chance(1, 3) ? Act::falls_through : act(true);  // what fallbacks mostly do
    registered(std::move(s));
  }

  void drop() {
    if (here_.empty()) return implement();
    const size_t which = choices_.chance(1, 3) ? here_.size() - 1 : choices_.below(here_.size());
    Statement s = made(StatementKind::drop);
    const Statement dropped = here_[which];
    s.number = dropped.number;
    here_.erase(here_.begin() + static_cast<std::ptrdiff_t>(which));
    made_.push_back(s);
    if (dropped.kind == StatementKind::define) return;
    dropped_ = dropped.key;
    // Before another registration refreshes the tables.
    if (choices_.chance(2, 3)) new_call(dropped.kind == StatementKind::implement ? dropped.op : chosen_op());
  }

  KeySet some_keys() {
    KeySet keys;
    for (uint64_t left = 1 + choices_.below(2); left > 0; --left) keys |= runtime_key();
    return choices_.chance(1, 12) ? keys | choices_.pick(per_backend) : keys;
  }
  void guard() {
    Statement s = made(StatementKind::guard);
    const uint64_t kind = choices_.below(8);
    s.guard = kind < 4 ? GuardKind::include : kind < 7 ? GuardKind::exclude : GuardKind::force;
    s.keys = some_keys();
    if (s.guard == GuardKind::force) s.excluded = some_keys();
    s.number = guards_++;
    open_.push_back(s.number);
    made_.push_back(s);
  }
  void end() {
    if (open_.empty()) return guard();
    const size_t which = choices_.chance(1, 2) ? open_.size() - 1 : choices_.below(open_.size());
    Statement s = made(StatementKind::end);
    s.number = open_[which];
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    made_.push_back(s);
  }
  void unwind() {
    open_.clear();
    made_.push_back(made(StatementKind::unwind));
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
  // An earlier call again shows what has changed since.
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
    Statement s = made(StatementKind::call);
    s.op = op;
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
    if (kind < 20) return fallback();  // rarely: a dispatcher of thousands of operators takes long over one
    if (kind < 23) return define(chosen_op());
    if (kind < 26) return drop();
    if (kind < 29) return guard();
    if (kind < 31) return end();
    unwind();
  }

  // What every other statement of some programs is about.
  enum class Theme : uint8_t { any, guards, drops };

  ChoiceSource& choices_;
  Program made_;
  std::array<ProgramOp, 2> ops_{};
  Backend focus_ = Backend::CPU;
  DispatchKey layer_ = BackendSelect;
  bool main_keys_ = false;
  int32_t registered_ = 0, guards_ = 0;
  std::vector<Statement> here_;  // the registrations that are not dropped yet
  std::vector<int32_t> open_;
  std::vector<DispatchKey> keys_;  // of the registrations so far
  std::optional<DispatchKey> dropped_;
  std::vector<Statement> calls_;
  Theme theme_ = Theme::any;
};

}  // namespace

Program draw_program(ChoiceSource& choices) { return ProgramDraw(choices).draw(); }

}  // namespace corpora
