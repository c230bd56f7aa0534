#include "corpora/case/draw_call.h"

#include <algorithm>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_arguments.h"

namespace corpora {
namespace {

using engine::Argument;

Use use_of(const Argument& argument) {
  if (argument.is_out()) return Use::out;
  return argument.is_write() ? Use::written : Use::read;
}

// What the domains say about an argument, in this draw.
struct Domain {
  const Spec* spec = nullptr;
  bool general = false;
};

class Arguments {
 public:
  Arguments(Frame& frame, const OperatorDomain& domain, const GivenArguments* given)
      : frame_(frame), given_(given), domains_(frame.schema.arguments.size()) {
    for (const OperatorDomain::Line& line : domain.lines)
      for (const OperatorDomain::Item& item : frame.choices().pick(line.alternatives)) apply(item);
    frame_.dtype = given ? given->frame.dtype : draw_dtype(frame.draft.catalog, frame_.choices(), dtypes_);
    frame_.mixed_dtypes = dtypes_ == 0 && !given && frame_.choices().chance(1, 8);
  }

  Value draw(size_t at) {
    const Argument& argument = frame_.schema.arguments[at];
    if (const Spec* spec = given_spec(argument)) {
      const size_t spare =
          given_->frame.tensors.size() - 1;  // the tensor is not an argument of that frame's call
      return draw_from_spec(given_->frame, *spec, argument.type, use_of(argument), spare);
    }
    const Domain& domain = domains_[at];
    std::optional<Value> preset = default_of(argument);
    if (preset && keeps_default(domain)) return std::move(*preset);
    if (domain.spec) return draw_from_spec(frame_, *domain.spec, argument.type, use_of(argument), at);
    return draw_by_type(frame_, argument.type, use_of(argument), at);
  }

 private:
  void apply(const OperatorDomain::Item& item) {
    const auto index = static_cast<size_t>(item.index);
    switch (item.target) {
      case Assignment::Target::argument:
        domains_[index] = {item.spec, item.general};
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

  // Half of the defaults are kept, but none for which there is a line about this operator.
  bool keeps_default(const Domain& domain) {
    if (domain.spec && !domain.general) return false;
    return given_ != nullptr || frame_.choices().chance(1, 2);
  }

  const Spec* given_spec(const Argument& argument) const {
    if (!given_) return nullptr;
    for (const Assignment& assignment : given_->assignments)
      if (assignment.argument == argument.name) return &assignment.spec;
    return nullptr;
  }

  Frame& frame_;
  const GivenArguments* given_;
  std::vector<Domain> domains_;
  DTypeSet dtypes_ = 0;
};

}  // namespace

int32_t draw_call(Draft& draft, const Operator& op, const GivenArguments* given) {
  Frame frame(draft, op.schema);
  Arguments arguments(frame, draft.domains.of(op), given);
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
