// Laws of operators without a derivative, of the layer ADInplaceOrView and of inference mode.
#include "engine/autograd/backward.h"
#include "engine/autograd/forward_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/core/error.h"
#include "engine/core/warning.h"
#include "engine/dispatch/thread_keys.h"
#include "properties/recording_world.h"

namespace properties {

namespace {

namespace autograd = engine::autograd;
using autograd::FallbackMode;
using engine::DType;
using engine::KeySet;
using engine::Stack;
using engine::Tensor;
using engine::ops::values_of;

constexpr KeySet recording_keys = engine::autograd_keys.add(engine::DispatchKey::ADInplaceOrView);

class WithFallbackMode {
 public:
  explicit WithFallbackMode(FallbackMode mode) : before_(autograd::fallback_mode()) {
    autograd::set_fallback_mode(mode);
  }
  ~WithFallbackMode() { autograd::set_fallback_mode(before_); }
  WithFallbackMode(const WithFallbackMode&) = delete;
  WithFallbackMode& operator=(const WithFallbackMode&) = delete;

 private:
  FallbackMode before_;
};

constexpr std::array fallback_modes{FallbackMode::nothing, FallbackMode::warn, FallbackMode::error};

// One to four numbers.
Tensor draw_row(ChoiceSource& choices) {
  std::vector<double> numbers(1 + choices.below(4));
  for (double& each : numbers) each = 1 + static_cast<double>(choices.below(9));
  return engine::ops::tensor_of(DType::f64, {static_cast<int64_t>(numbers.size())}, numbers);
}
Tensor draw_leaf(ChoiceSource& choices) {
  const Tensor leaf = draw_row(choices);
  autograd::require_grad(leaf);
  return leaf;
}
Tensor one_number() { return engine::ops::tensor_of(DType::f64, {1}, {5}); }

// --- the fallback's modes

// What a backward pass through the operator shows.
struct Flow {
  bool raised = false, has_gradient = false;
  uint64_t warnings = 0;
  bool operator==(const Flow&) const = default;
};

Flow flow_through(RecordingWorld& world, std::string_view name, const Tensor& leaf) {
  Flow flow;
  const engine::UseWarningHandler count([&](const std::string&) { ++flow.warnings; });
  try {
    const Tensor result = world.run(name, {leaf});
    autograd::backward(world.op.dispatcher(), result, world.op("aten::ones_like", {result}));
  } catch (const engine::Error&) {
    flow.raised = true;
  }
  flow.has_gradient = autograd::gradient_of(leaf).defined();
  return flow;
}

Tried each_mode_does_what_it_says(RecordingWorld& world, ChoiceSource& choices) {
  const FallbackMode mode = choices.pick(fallback_modes);
  const WithFallbackMode with_mode(mode);
  const Flow flow = flow_through(world, "law::twice", draw_leaf(choices));
  if (flow.raised != (mode == FallbackMode::error)) return broken("only the mode `error` raises");
  if (flow.warnings != (mode == FallbackMode::warn ? 1 : 0)) return broken("`warn` warns once");
  return held_if(mode != FallbackMode::nothing || flow.has_gradient, "`nothing` loses the gradient");
}

Tried fallthrough_is_the_mode_nothing(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor leaf = draw_leaf(choices), same = draw_leaf(choices);
  Flow through, nothing;
  {
    const WithFallbackMode any(choices.pick(fallback_modes));
    through = flow_through(world, "law::through", leaf);
  }
  const WithFallbackMode mode(FallbackMode::nothing);
  nothing = flow_through(world, "law::twice", same);
  return held_if(through == nothing, "a fallthrough at Autograd and the mode `nothing` differ");
}

// --- effects on tensors

Tried inputs_keep_their_history(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor input = choices.chance(1, 2) ? draw_leaf(choices) : draw_row(choices);
  const bool required = autograd::requires_grad(input);
  const bool was_view = autograd::view_of(input) != nullptr;
  world.run(choices.pick(std::array{"law::twice", "law::opt_twice", "law::opt_first"}), {input});
  return held_if(autograd::requires_grad(input) == required && autograd::is_leaf(input) &&
                     (autograd::view_of(input) != nullptr) == was_view && input.version() == 0,
                 "a call that writes nothing changed its input");
}

Tried write_counts_once_and_is_recorded(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor base = draw_row(choices), other = draw_leaf(choices);
  const bool through_view = choices.chance(1, 2);
  const Tensor written = through_view ? world.op("aten::select.int", {base, 0, 0}) : base;
  world.run("law::opt_double_", {written, other});
  if (base.version() != 1) return broken("the version of the memory did not rise by 1");
  return held_if(autograd::requires_grad(base) && autograd::requires_grad(written),
                 "the write was not recorded for the tensor and its base");
}

Tried view_knows_how_it_was_made(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor base = draw_row(choices), leaf = one_number();
  autograd::require_grad(leaf);
  const bool records = choices.chance(1, 2);
  Tensor view;
  {
    const autograd::GradMode mode(records);
    view = world.run("law::opt_first", {base});
  }
  const autograd::View* const noted = autograd::view_of(view);
  if (!noted || !noted->base.is_same(base)) return broken("the view does not know its base");
  using enum autograd::ViewMade;
  if (noted->made != (records ? by_custom_function : without_grad))
    return broken("the view has the wrong origin");
  const std::vector<double> before = values_of(base);
  if (!world.refuses("aten::mul_.Tensor", {view, leaf})) return broken("a recorded write is accepted");
  return held_if(values_of(base) == before, "the refused write wrote");
}

// --- refusals

// The call is refused, its kernel did not run, and `watched` is unchanged.
Tried refused_before_the_kernel(RecordingWorld& world, std::string_view name,
                                std::vector<engine::Value> arguments, const Tensor& watched) {
  const int runs = world.runs;
  const std::vector<double> before = values_of(watched);
  if (!world.refuses(name, std::move(arguments))) return broken(std::string(name) + " is not refused");
  if (world.runs != runs) return broken("the kernel of " + std::string(name) + " ran");
  return held_if(values_of(watched) == before && watched.version() == 0, "the refused call wrote");
}

Tried dual_is_refused(RecordingWorld& world, ChoiceSource& choices) {
  const autograd::DualLevel level;
  const Tensor primal = draw_row(choices);
  const Tensor dual = autograd::make_dual(primal, world.op("aten::clone", {primal}), level.id());
  if (choices.chance(1, 2)) return refused_before_the_kernel(world, "law::opt_twice", {dual}, primal);
  const Tensor plain = draw_row(choices);
  return refused_before_the_kernel(world, "law::opt_double_", {plain, dual}, plain);
}

Tried write_to_a_leaf_is_refused(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor leaf = draw_leaf(choices);
  const Tensor written = choices.chance(1, 2) ? leaf : world.op("aten::select.int", {leaf, 0, 0});
  return refused_before_the_kernel(world, "law::opt_double_", {written, draw_row(choices)}, leaf);
}

Tried bad_schema_is_refused(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor self = choices.chance(1, 2) ? draw_leaf(choices) : draw_row(choices);
  const char* const name = choices.pick(std::array{"law::opt_two_views", "law::opt_not_first"});
  return refused_before_the_kernel(world, name, {self, draw_row(choices)}, self);
}

// --- modes of the thread

Tried kernels_see_the_right_keys(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor input = choices.chance(1, 2) ? draw_leaf(choices) : draw_row(choices);
  const auto before = engine::thread_keys;
  const bool opts_in = choices.chance(1, 2);
  const WithFallbackMode mode(choices.pick(std::array{FallbackMode::nothing, FallbackMode::warn}));
  world.run(opts_in ? choices.pick(std::array{"law::opt_twice", "law::opt_first"}) : "law::twice", {input});
  if (engine::thread_keys != before) return broken("the call changed the keys of the thread");
  if (opts_in) return held_if(world.excluded.has_all(recording_keys), "an opt-in kernel may record");
  return held_if(world.excluded == before.excluded, "the fallback changed the keys");
}

Tried inference_mode_makes_inference_tensors(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor normal = draw_leaf(choices);
  Tensor made, view;
  {
    const autograd::InferenceMode mode;
    made = world.run(choices.pick(std::array{"aten::exp", "aten::neg"}), {normal});
    view = world.run("aten::select.int", {normal, 0, 0});
  }
  if (!engine::is_inference(made)) return broken("a new tensor is not an inference tensor");
  if (autograd::requires_grad(made)) return broken("a call in inference mode is recorded");
  return held_if(!engine::is_inference(view), "a view of a normal tensor is an inference tensor");
}

Tried values_are_the_same_in_all_modes(RecordingWorld& world, ChoiceSource& choices) {
  const Tensor leaf = draw_leaf(choices);
  const char* const name = choices.pick(std::array{"aten::exp", "aten::tanh", "aten::neg", "law::opt_twice"});
  const auto values = [&] { return values_of(world.run(name, {leaf})); };
  const std::vector<double> with_recording = values();
  {
    const autograd::NoGrad off;
    if (values() != with_recording) return broken("no-grad mode has other values");
  }
  const autograd::InferenceMode mode;
  return held_if(values() == with_recording, "inference mode has other values");
}

// --- mistakes

void calls_below_autograd(const engine::Operator& op, Stack& stack) {
  const engine::ExcludeKeys guard(recording_keys);
  op.call_boxed(stack);
}
void warns_at_the_call(const engine::Operator& op, Stack& stack) {
  engine::warn(op.name());
  op.call_boxed(stack);
}
void makes_its_input_a_leaf(const engine::Operator& op, Stack& stack) {
  autograd::require_grad(stack[0].tensor());
  op.call_boxed(stack);
}
void counts_each_write_twice(const engine::Operator& op, Stack& stack) {
  op.call_boxed(stack);
  if (op.schema().is_mutable()) stack.back().tensor().bump_version();
}
void records_views_always(const engine::Operator& op, Stack& stack) {
  const autograd::GradMode on(true);
  op.call_boxed(stack);
}
void writes_before_it_refuses(const engine::Operator& op, Stack& stack) {
  if (op.schema().is_mutable()) stack[0].tensor().bump_version();
  op.call_boxed(stack);
}
void refuses_only_leaves(const engine::Operator& op, Stack& stack) {
  if (autograd::requires_grad(stack[0].tensor())) return op.call_boxed(stack);
  calls_below_autograd(op, stack);
}
void leaves_inference_mode(const engine::Operator& op, Stack& stack) {
  const autograd::InferenceMode normal(false);
  op.call_boxed(stack);
}
void warns_instead_of_nothing(const engine::Operator& op, Stack& stack) {
  const WithFallbackMode mode(FallbackMode::warn);
  op.call_boxed(stack);
}
void negates_what_is_not_recorded(const engine::Operator& op, Stack& stack) {
  op.call_boxed(stack);
  if (autograd::GradMode::enabled()) return;
  const Tensor result = stack.back().tensor();
  result.data<double>()[0] = -result.data<double>()[0];
}

const DeclaredLaws<RecordingWorld> laws_of_recording{
    {{56,
      "FallbackDoesWhatItsModeSays",
      "Where a gradient would flow through an operator without a derivative, the mode `error` raises, the "
      "mode "
      "`warn` warns once, and the mode `nothing` is silent.",
      0.5,
      {each_mode_does_what_it_says},
      {with("the call warns, too", &RecordingWorld::call, warns_at_the_call)}},
     {57,
      "InputsKeepTheirHistory",
      "A call that writes nothing does not change what autograd knows of its inputs.",
      0.5,
      {inputs_keep_their_history},
      {with("the call makes its input a leaf", &RecordingWorld::call, makes_its_input_a_leaf)}},
     {58,
      "WriteCountsOnceAndIsRecorded",
      "A recorded write raises the version by 1, and the written tensor and its base require grad.",
      0.5,
      {write_counts_once_and_is_recorded},
      {with("a write counts twice", &RecordingWorld::call, counts_each_write_twice),
       with("a write is not recorded", &RecordingWorld::call, calls_below_autograd)}},
     {59,
      "ViewKnowsHowItWasMade",
      "A view knows its base and the mode in which it was made, and a recorded write into it is refused.",
      0.5,
      {view_knows_how_it_was_made},
      {with("views are not noted", &RecordingWorld::call, calls_below_autograd),
       with("views are made as if calls were recorded", &RecordingWorld::call, records_views_always)}},
     {60,
      "DualArgumentIsRefused",
      "An operator without a derivative refuses an argument with a tangent before its kernel runs.",
      0.5,
      {dual_is_refused},
      {with("tangents are ignored", &RecordingWorld::call, calls_below_autograd)}},
     {61,
      "WriteToALeafIsRefused",
      "A recorded write to a leaf or to a view of one is refused before anything changes.",
      0.5,
      {write_to_a_leaf_is_refused},
      {with("leaves are written", &RecordingWorld::call, calls_below_autograd),
       with("the version rises before the refusal", &RecordingWorld::call, writes_before_it_refuses)}},
     {62,
      "BadSchemaIsRefused",
      "An opt-in kernel refuses a schema that it cannot serve before the kernel below runs, also if nothing "
      "requires grad.",
      0.5,
      {bad_schema_is_refused},
      {with("the schema is checked only if the input requires grad", &RecordingWorld::call,
            refuses_only_leaves)}},
     {63,
      "KernelsSeeTheRightKeys",
      "Kernels below an opt-in kernel run with all keys of recording excluded; below the fallback in the "
      "modes "
      "`nothing` and `warn`, the keys of the thread are unchanged.",
      0.5,
      {kernels_see_the_right_keys},
      {with("the fallback excludes keys, too", &RecordingWorld::call, calls_below_autograd)}},
     {64,
      "InferenceModeMakesInferenceTensors",
      "In inference mode, new tensors are inference tensors and views of normal tensors are normal.",
      0.5,
      {inference_mode_makes_inference_tensors},
      {with("calls leave inference mode", &RecordingWorld::call, leaves_inference_mode)}},
     {65,
      "FallthroughIsTheModeNothing",
      "An operator with a fallthrough at Autograd behaves in each mode as any operator in the mode "
      "`nothing`.",
      0.5,
      {fallthrough_is_the_mode_nothing},
      {with("the mode is always `warn`", &RecordingWorld::call, warns_instead_of_nothing)}},
     {111,
      "ValuesAreTheSameInAllModes",
      "A call has the same values when it is recorded, in no-grad mode and in inference mode.",
      0.5,
      {values_are_the_same_in_all_modes},
      {with("a call that is not recorded has another sign", &RecordingWorld::call,
            negates_what_is_not_recorded)}}},
    {{"engine", [] { return std::make_unique<RecordingWorld>(); }}}};

}  // namespace

}  // namespace properties
