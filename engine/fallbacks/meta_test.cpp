#include <gmock/gmock.h>

#include "engine/dispatch/schema_parser.h"
#include "engine/operator_cases.h"

namespace engine::fallbacks {
namespace {

using testing::HasSubstr;

std::string error_of(ops::Operators& op, std::string_view name) {
  try {
    op(name, {make_tensor(DType::f32, {}, DeviceType::meta)});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_implemented);
    return error.what();
  }
  return "no error";
}

TEST(MetaFallback, SaysWhatToRegister) {
  ops::Operators op;
  const Registration defined =
      op.dispatcher().define(parse_schema("mine::pool(Tensor self) -> Tensor"), "test");
  EXPECT_THAT(error_of(op, "mine::pool"), HasSubstr("mine::pool has no Meta kernel: register one"));
}

TEST(MetaFallback, SaysThatElementsAreMissing) {
  ops::Operators op;
  EXPECT_THAT(error_of(op, "aten::_local_scalar_dense"), HasSubstr("depends on elements"));
}

TEST(MetaFallback, DoesNotCountAsAKernel) {
  ops::Operators op;
  EXPECT_EQ(op.dispatcher().op("aten::_local_scalar_dense").reason_at(DispatchKey::Meta),
            Reason::backend_fallback);
  EXPECT_EQ(op.dispatcher().op("aten::exp").reason_at(DispatchKey::Meta), Reason::kernel);
}

}  // namespace
}  // namespace engine::fallbacks
