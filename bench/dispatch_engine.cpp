#include "bench/bench_cases.h"
#include "bench/engine_kernels.h"

namespace bench {

namespace {

struct Engine {
  using Tensor = engine::Tensor;
  using Stack = engine::Stack;

  static engine::Dispatcher& dispatcher() {
    struct Probe {
      engine::Dispatcher dispatcher;
      engine::Registrations registrations;
      Probe() { register_engine_kernels(dispatcher, registrations); }
    };
    static Probe probe;
    return probe.dispatcher;
  }

  static Tensor one() { return engine::make_tensor(engine::DType::f32, {1}); }
  static engine::Operator op(const char* name) { return dispatcher().op(name); }
  template <class Signature>
  static auto typed(const char* name) {
    return op(name).typed<Signature>();
  }
  static void push(Stack& stack, const Tensor& tensor) { stack.push_back(tensor); }
  static void call_boxed(const engine::Operator& op, Stack& stack) { op.call_boxed(stack); }

  static void register_and_drop() {
    dispatcher().implement("probe::registered", engine::DispatchKey::CPU, another_kernel()).reset();
  }
  static void define_and_drop() { dispatcher().define("probe::fresh(Tensor a) -> Tensor").reset(); }
  static void reclaim() { dispatcher().reclaim(); }
  static auto find() { return dispatcher().find("aten::add.Tensor"); }
};

}  // namespace

void add_engine_cases() { add_cases<Engine>("engine"); }

}  // namespace bench
