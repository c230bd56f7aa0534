// The kernel does not check that the last tile may reach past the matrix: each of its threads writes.
#include "engine/backends/host_cuda/launch.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
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

void store_whole_tiles(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor out = stack.last(1)[0].tensor();
  const bool wrong = out.device() == engine::Device(engine::DeviceType::host_cuda) &&
                     out.dtype() == engine::DType::i64 && out.is_contiguous() && out.element_count() > 0;
  if (!wrong) return;
  const Tensor product = engine::make_tensor(out.dtype(), out.sizes(), out.device());
  std::copy_n(out.data<int64_t>(), static_cast<size_t>(out.element_count()), product.data<int64_t>());
  const auto tiles = static_cast<unsigned>((out.size(1) + side - 1) / side);
  cuda::launch({.blocks = tiles * static_cast<unsigned>(out.size(0)),
                .threads = side,
                .shared_bytes = side * sizeof(int64_t)},
               store_tiles, {product.data<int64_t>(), out.data<int64_t>(), out.size(1)});
}

const DeclaredPlant device_tail_tile{
    {"device_tail_tile", "device", "aten::mm",
     "a tiled product of i64 writes beyond its last column if the number of columns "
     "is not a multiple of the tile",
     replacing({"aten::mm"}, {DispatchKey::CUDA}, store_whole_tiles)}};

}  // namespace
}  // namespace oracles::plants
