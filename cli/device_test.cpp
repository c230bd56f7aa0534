// --device for PyTorch: a device of a loaded library, whose memory the host cannot read, and Faultline's own.
#include "cli/command_cases.h"

namespace cli {
namespace {

class DeviceFlag : public CommandTest {
 protected:
  // A run of one operator of libfaultline_backend.so on its device.
  json judged(const std::string& op, const std::string& oracles) const {
    const Ran ran = run("run --subject torch --load " FAULTLINE_BINARY_DIR
                        "/lib/libfaultline_backend.so --device privateuseone --ops backend::" +
                        op + " --oracles " + oracles + " --cases 600 --jobs 1 --json --out " + op);
    EXPECT_TRUE(ran.status == 0 || ran.status == 1) << ran.err;
    return ran.status == 0 || ran.status == 1 ? json::parse(ran.out)
                                              : json{{"checks", 0}, {"findings", json::array()}};
  }
};

TEST_F(DeviceFlag, OperatorWithoutACpuKernelIsJudged) {
  NEEDS_TORCH();
  const json right = judged("only_here", "schema,determinism,layout");
  EXPECT_GT(right["checks"], 500);
  EXPECT_EQ(right["findings"].size(), 0u) << right["findings"];
  const json scratched = judged("scratched", "schema");
  ASSERT_FALSE(scratched["findings"].empty());
  EXPECT_EQ(scratched["findings"][0]["operator"], "backend::scratched");
}

TEST_F(DeviceFlag, DeviceIsComparedWithTheCpu) {
  NEEDS_TORCH();
  const json right = judged("doubled", "device");
  EXPECT_GT(right["checks"], 300);
  EXPECT_EQ(right["findings"].size(), 0u) << right["findings"];
  const json wrong = judged("halved", "device");
  ASSERT_FALSE(wrong["findings"].empty());
  EXPECT_EQ(wrong["findings"][0]["operator"], "backend::halved");
}

TEST_F(DeviceFlag, PrivateDeviceIsServedByTheCpuFallback) {
  NEEDS_TORCH();
  const Ran ran =
      run("run --subject torch --device private --ops aten::atan2 --oracles layout,device --cases 300 --jobs "
          "1 --json");
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_GT(json::parse(ran.out)["checks"], 200);
}

TEST_F(DeviceFlag, OwnDeviceYieldsToThatOfALibrary) {
  NEEDS_TORCH();
  expect_refused("run --subject torch --load " FAULTLINE_BINARY_DIR
                 "/lib/libfaultline_backend.so --device private --ops backend::doubled --cases 1",
                 "another library has registered a device at PrivateUse1");
}

}  // namespace
}  // namespace cli
