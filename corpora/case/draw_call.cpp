#include "corpora/case/draw_call.h"

#include <algorithm>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_shapes.h"
#include "corpora/case/draw_specs.h"
#include "corpora/case/draw_tensors.h"
#include "corpora/case/draw_values.h"

namespace corpora {
namespace {

using engine::Argument;

Use use_of(const Argument& argument) {
  if (argument.is_out()) return Use::out;
  return argument.is_write() ? Use::written : Use::read;
}

// What the domains say of each argument, in this draw.
struct Said {
  const Spec* spec = nullptr;
  bool general = false;
};

class Arguments {
 public:
  Arguments(Frame& frame, const OperatorDomain& domain, const Decided* decided)
      : frame_(frame), decided_(decided), said_(frame.schema.arguments.size()) {
    listen(domain);
    frame_.dtype = decided ? decided->frame.dtype : draw_dtype(frame_.choices(), dtypes_);
    frame_.mixed_dtypes = dtypes_ == 0 && !decided && frame_.choices().chance(1, 8);
  }

  Value draw(size_t at) {
    const Argument& argument = frame_.schema.arguments[at];
    if (const Spec* asked = decided_spec(argument))
      return draw_from_spec(decided_->frame, *asked, argument.type, use_of(argument), spare_slot());
    const Said& said = said_[at];
    std::optional<Value> preset = default_of(argument);
    if (preset && keeps_default(said)) return std::move(*preset);
    if (said.spec) return draw_from_spec(frame_, *said.spec, argument.type, use_of(argument), at);
    return draw_by_type(frame_, argument.type, use_of(argument), at);
  }

 private:
  void listen(const OperatorDomain& domain) {
    for (const OperatorDomain::Line& line : domain.lines) {
      const auto& alternative = frame_.choices().pick(line.alternatives);
      for (const OperatorDomain::Item& item : alternative) hear(item);
    }
  }

  void hear(const OperatorDomain::Item& item) {
    const auto index = static_cast<size_t>(item.index);
    switch (item.target) {
      case Assignment::Target::argument:
        said_[index] = {item.spec, item.general};
        return;
      case Assignment::Target::size:
        frame_.size_lets[index] = item.spec;
        return;
      case Assignment::Target::shape:
        frame_.shape_lets[index] = item.spec;
        return;
      case Assignment::Target::dtype:
        dtypes_ = item.spec->dtypes;
    }
  }

  // A default is kept half the time, unless a line speaks of just this operator's argument.
  bool keeps_default(const Said& said) {
    if (said.spec && !said.general) return false;
    return decided_ != nullptr || frame_.choices().chance(1, 2);
  }

  const Spec* decided_spec(const Argument& argument) const {
    if (!decided_) return nullptr;
    for (const Assignment& assignment : decided_->assignments)
      if (assignment.argument == argument.name) return &assignment.spec;
    return nullptr;
  }

  // Where the caller's frame remembers the sizes of a tensor that is not its own argument.
  size_t spare_slot() const { return decided_->frame.tensors.size() - 1; }

  Frame& frame_;
  const Decided* decided_;
  std::vector<Said> said_;
  DTypeSet dtypes_ = 0;
};

}  // namespace

int32_t draw_call(Draft& draft, const Operator& op, const Decided* decided) {
  Frame frame(draft, op.schema);
  Arguments arguments(frame, draft.domains.of(op), decided);
  Call call;
  call.op = op.name;
  call.names.reserve(op.schema.arguments.size());
  for (size_t i = 0; i < op.schema.arguments.size(); ++i) {
    call.names.push_back(op.schema.arguments[i].name);
    frame.values.push_back(arguments.draw(i));
  }
  call.arguments = std::move(frame.values);
  draft.made.calls.push_back(std::move(call));
  return static_cast<int32_t>(draft.made.calls.size() - 1);
}

Frame::Frame(Draft& in, const engine::Schema& of)
    : draft(in),
      schema(of),
      size_lets(in.domains.size_symbols()),
      shape_lets(in.domains.shape_symbols()),
      sizes(in.domains.size_symbols()),
      shapes(in.domains.shape_symbols()),
      present(in.domains.size_symbols()),
      tensors(of.arguments.size() + 1) {
  values.reserve(of.arguments.size());
}

}  // namespace corpora
