// A product in tiles that forgets that its last tile may reach past the matrix: whoever is in the last tile
// writes. Right where the width is a multiple of the tile's. Integers of 64 bits only.
#include "engine/backends/host_cuda/launch.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

namespace cuda = engine::host_cuda;

constexpr unsigned side = 2;

struct Copied {
  const int64_t* product;
  int64_t* out;
  int64_t columns;
};

void store_tiles(Copied of) {
  const int64_t tiles = (of.columns + side - 1) / side;
  const int64_t row = cuda::blockIdx.x / tiles, column = cuda::blockIdx.x % tiles * side + cuda::threadIdx.x;
  auto* const tile = cuda::shared_memory<int64_t>();
  tile[cuda::threadIdx.x] = column < of.columns ? of.product[row * of.columns + column] : 0;
  cuda::barrier();
  of.out[row * of.columns + column] = tile[cuda::threadIdx.x];
}

struct StoresWholeTiles {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    call_kernel(right, call, stack);
    const engine::Tensor out = stack.last(1)[0].tensor();
    const bool wrong = out.device() == engine::Device(engine::DeviceType::host_cuda) &&
                       out.dtype() == engine::DType::i64 && out.is_contiguous() && out.element_count() > 0;
    if (!wrong) return;
    const engine::Tensor product = engine::make_tensor(out.dtype(), out.sizes(), out.device());
    const auto count = static_cast<size_t>(out.element_count());
    std::copy_n(out.data<int64_t>(), count, product.data<int64_t>());
    const auto tiles = static_cast<unsigned>((out.size(1) + side - 1) / side);
    cuda::launch({.blocks = tiles * static_cast<unsigned>(out.size(0)),
                  .threads = side,
                  .shared_bytes = side * sizeof(int64_t)},
                 store_tiles, {product.data<int64_t>(), out.data<int64_t>(), out.size(1)});
  }
};

const DeclaredPlant declared{
    {"device_tail_tile", "device", "aten::mm",
     "a product of i64 in tiles writes past its last column where that is no multiple of the tile",
     [](engine::Dispatcher& dispatcher) {
       constexpr std::string_view name = "aten::mm";
       constexpr engine::DispatchKey key = engine::DispatchKey::CUDA;
       engine::Registrations made;
       made.push_back(dispatcher.implement(
           name, key, engine::boxed_kernel_of(StoresWholeTiles{right_kernel(dispatcher, name, key)}),
           "planted"));
       return made;
     }}};

}  // namespace

}  // namespace oracles
