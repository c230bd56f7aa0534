#include "oracles/subjects/torch/surroundings.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/mkldnn_convolution.h>
#include <ATen/ops/ones.h>
#include <c10/util/Logging.h>

#include <utility>

#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/stack_below.h"

namespace oracles::aten {

namespace {

constexpr uint64_t run_seed = 20260101;

// The position of a generator in its stream.
struct Position {
  uint64_t seed = 0;
  int left = 0;
  uint32_t next = 0;
  bool spare_normal = false;

  bool operator==(const Position&) const = default;
};

// oneDNN compiles machine code at its first use in a process, which takes tens of milliseconds for the matrix
// product of a 1 x 1 convolution. Children inherit what is compiled before they are forked.
void warm_up() {
  if (!at::hasMKLDNN()) return;
  const auto convolve = [](at::IntArrayRef image, at::IntArrayRef weights) {
    at::mkldnn_convolution(at::ones(image), at::ones(weights), {}, {1, 1}, {1, 1}, {1, 1}, 1);
  };
  at::gelu(at::ones({1}));
  convolve({1, 1, 4, 4}, {3, 1, 1, 1});
  convolve({2, 3, 4, 4}, {2, 3, 2, 2});
}

}  // namespace

struct Surroundings::Generator {
  at::CPUGeneratorImpl* impl =
      at::check_generator<at::CPUGeneratorImpl>(at::detail::getDefaultCPUGenerator());
  at::mt19937 fresh{run_seed};
  Position start, before_call;
  bool used = true;  // since the stream was last set

  Position position() {
    const at::mt19937_data_pod data = impl->engine().data();
    return {data.seed_, data.left_, data.next_,
            impl->next_float_normal_sample().has_value() || impl->next_double_normal_sample().has_value()};
  }
  void rewind() {
    impl->set_engine(fresh);
    impl->set_next_float_normal_sample(c10::nullopt);
    impl->set_next_double_normal_sample(c10::nullopt);
    start = position();
    used = false;
  }
};

void Surroundings::Free::operator()(Generator* generator) const { delete generator; }

Surroundings::Surroundings() : generator_(new Generator) {
  // A backtrace for each exception costs milliseconds.
  c10::SetStackTraceFetcher([] { return std::string(); });
  warnings::set_warnAlways(true);  // else the count would depend on earlier runs
  at::set_num_threads(1);
  warm_up();
  torch::jit::Stack stack;
  StackBelow(false).push(stack);  // makes its tensors
  memory();
  settled_ = current_settings();
}

void Surroundings::begin_run() {
  if (warnings::get_warning_handler() != &warnings_) warnings::set_warning_handler(&warnings_);
  if (generator_->used) generator_->rewind();
}

void Surroundings::begin_call() {
  warnings_.count = 0;
  generator_->before_call = generator_->used ? generator_->position() : generator_->start;
}

void Surroundings::end_call(CallOutcome& call) {
  call.warnings = warnings_.count;
  call.generator_used = generator_->position() != generator_->before_call;
  if (call.generator_used) generator_->used = true;
}

void Surroundings::end_run(ThreadState& state) {
  if (std::exchange(stack_changed_, false)) {
    state.before = "the tensors below the arguments on the stack";
    state.after = "the call has removed or replaced some of them";
  }
  const ThreadSettings now = current_settings();
  if (now == settled_) return;
  state.before = to_text(settled_);
  state.after = to_text(now);
  restore(settled_);
}

}  // namespace oracles::aten
