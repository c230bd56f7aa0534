// Boxes and regions.
#include "oracles/planted/author/author.h"

namespace author {

double area(const float* box) {
  return std::max(0.0, static_cast<double>(box[2]) - box[0]) *
         std::max(0.0, static_cast<double>(box[3]) - box[1]);
}

bool overlap(const float* a, const float* b, double threshold) {
  const float both[4] = {std::max(a[0], b[0]), std::max(a[1], b[1]), std::min(a[2], b[2]),
                         std::min(a[3], b[3])};
  const double shared = area(both);
  return shared > threshold * (area(a) + area(b) - shared);
}

// The boxes that are kept, by falling score.
at::Tensor keep_boxes(const at::Tensor& input, const at::Tensor& scores, double threshold) {
  TORCH_CHECK(input.dim() == 2 && input.size(1) == 4 && input.scalar_type() == at::kFloat,
              "keep_boxes: expected [N, 4] boxes of f32");
  TORCH_CHECK(scores.dim() == 1 && scores.size(0) == input.size(0) && scores.scalar_type() == at::kFloat,
              "keep_boxes: expected one score for each box");
  const at::Tensor boxes = mistaken ? input : input.contiguous();  // mistake: ignores strides
  const at::Tensor order = std::get<1>(scores.sort(/*stable=*/true, 0, /*descending=*/true)).contiguous();
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < order.numel(); ++i) {
    const int64_t box = order.data_ptr<int64_t>()[i];
    const float* at = boxes.data_ptr<float>();
    if (std::none_of(kept.begin(), kept.end(),
                     [&](int64_t other) { return overlap(at + 4 * other, at + 4 * box, threshold); }))
      kept.push_back(box);
  }
  return at::tensor(kept, input.options().dtype(at::kLong));
}

// One number for each region: the mean of the cells of an image that its box [image, x0, y0, x1, y1] covers.
at::Tensor region_means(const at::Tensor& input, const at::Tensor& regions) {
  TORCH_CHECK(input.dim() == 3 && input.scalar_type() == at::kFloat, "region_means: expected images of f32");
  TORCH_CHECK(regions.dim() == 2 && regions.size(1) == 5 && regions.scalar_type() == at::kFloat,
              "region_means: expected [K, 5] regions");
  const at::Tensor images = input.contiguous(), boxes = regions.contiguous();
  at::Tensor result = at::empty({boxes.size(0)}, input.options());
  const auto inside = [](float v, int64_t n) { return v >= 0 && v <= static_cast<float>(n); };
  for (int64_t k = 0; k < boxes.size(0); ++k) {
    const float* box = boxes.data_ptr<float>() + 5 * k;
    TORCH_CHECK(box[0] >= 0 && box[0] < static_cast<float>(images.size(0)), "region_means: no such image");
    TORCH_CHECK(inside(box[1], images.size(2)) && inside(box[3], images.size(2)) &&
                    inside(box[2], images.size(1)) && inside(box[4], images.size(1)) && box[1] <= box[3] &&
                    box[2] <= box[4],
                "region_means: a region is outside of its image");
    double sum = 0, cells = 0;
    for (auto y = static_cast<int64_t>(box[2]); y < static_cast<int64_t>(box[4]); ++y)
      for (auto x = static_cast<int64_t>(box[1]); x < static_cast<int64_t>(box[3]); ++x, ++cells)
        sum += images.accessor<float, 3>()[static_cast<int64_t>(box[0])][y][x];
    // Mistake: leaves the results of regions without cells as they were.
    if (!mistaken || cells > 0) result.data_ptr<float>()[k] = static_cast<float>(cells > 0 ? sum / cells : 0);
  }
  return result;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("keep_boxes(Tensor boxes, Tensor scores, float threshold=0.5) -> Tensor");
  m.def("region_means(Tensor images, Tensor regions) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("keep_boxes", author::keep_boxes);
  m.impl("region_means", author::region_means);
}
