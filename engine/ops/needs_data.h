// NeedsData: the error of a call whose result depends on elements, where there are none: on meta tensors, and
// on fake tensors without symbols.
#pragma once

#include <string>

#include "engine/core/error.h"

namespace engine::ops {

class NeedsData : public Error {
 public:
  explicit NeedsData(const std::string& op)
      : Error(op + " depends on elements, which meta and fake tensors do not have",
              ErrorKind::not_implemented),
        op_(op) {}
  const std::string& op() const { return op_; }

 private:
  std::string op_;
};

}  // namespace engine::ops
