// Interim draw.
#include "corpora/case/draw.h"
namespace corpora {
using namespace engine;
namespace {
struct D {
  ChoiceSource& c; Case k; Dims shape; DType dtype;
  int tensor() {
    Dims s = shape; DType d = dtype;
    if (c.chance(1, 8)) { s.clear(); int r = (int)c.below(5); for (int i = 0; i < r; ++i) s.push_back((int64_t)c.below(5)); }
    if (c.chance(1, 8)) d = all_dtypes[c.below(12)];
    Dims st = contiguous_strides(s); int64_t off = 0;
    if (s.size() >= 2 && c.chance(1, 3)) { Dims t(s.rbegin(), s.rend()); Dims ts = contiguous_strides(t); st.assign(ts.rbegin(), ts.rend()); }
    else if (c.chance(1, 6)) { for (auto& x : st) x *= 2; off = (int64_t)c.below(3); }
    Extent e = extent_of(s, st);
    Storage g; g.dtype = d; g.elements = std::max<int64_t>(1, off + e.high); 
    static const FillRule rules[] = {FillRule::integers, FillRule::dyadic, FillRule::integers, FillRule::normal, FillRule::wild};
    g.rule = rules[c.below(5)]; g.rng_seed = c.below(1u << 20);
    k.storages.push_back(g); k.inputs.push_back({(int32_t)k.storages.size() - 1, s, st, off});
    return (int)k.inputs.size() - 1;
  }
  Value of(const Type& t) {
    switch (t.kind) {
      case TypeKind::tensor: return Value::of_input(tensor());
      case TypeKind::optional: if (c.chance(1, 2)) return Value::of_none(); return of(t.element());
      case TypeKind::integer: case TypeKind::sym_int: return Value::of_integer((int64_t)c.below(5) - 1);
      case TypeKind::real: return Value::of_real((double)c.below(17) / 8);
      case TypeKind::boolean: return Value::of_boolean(c.below(2));
      case TypeKind::number: if (c.chance(1, 2)) return Value::of_integer((int64_t)c.below(4)); return Value::of_real((double)c.below(17) / 8);
      case TypeKind::string: { static const char* s[] = {"linear","floor","trunc","mean","none","sum"}; return Value::of_string(s[c.below(6)]); }
      case TypeKind::scalar_type: return Value::of_dtype(all_dtypes[c.below(12)]);
      case TypeKind::device: return Value::of_word(ValueKind::device, "cpu");
      case TypeKind::layout: return Value::of_word(ValueKind::layout, "strided");
      case TypeKind::memory_format: return Value::of_word(ValueKind::memory_format, "contiguous");
      case TypeKind::list: { std::vector<Value> v; auto n = t.fixed_size ? *t.fixed_size : 1 + (int64_t)c.below(3); for (int64_t i = 0; i < n; ++i) v.push_back(of(t.element())); return Value::of_list(v); }
      default: return Value::of_none();
    }
  }
};
Value lit(const Literal& l) {
  switch (l.kind) {
    case Literal::Kind::integer: return Value::of_integer(l.integer);
    case Literal::Kind::real: return Value::of_real(l.real);
    case Literal::Kind::boolean: return Value::of_boolean(l.integer);
    case Literal::Kind::string: return Value::of_string(l.text);
    case Literal::Kind::list: { std::vector<Value> v; for (auto& e : l.list) v.push_back(lit(e)); return Value::of_list(v); }
    default: return Value::of_none();
  }
}
}
Case draw(const Catalog&, const Operator& op, const Domains&, ChoiceSource& c, const DrawLimits&) {
  D d{c, {}, {}, DType::f32};
  auto r = 1 + c.below(4); auto q = 1 + c.below(4); bool sq = c.chance(1, 2);
  for (uint64_t i = 0; i < r; ++i) d.shape.push_back((int64_t)(sq ? q : 1 + c.below(4)));
  static const DType ds[] = {DType::f32, DType::f32, DType::f32, DType::f64, DType::i64, DType::b8, DType::c64};
  d.dtype = ds[c.below(7)];
  Call call; call.op = op.name;
  for (auto& a : op.schema.arguments) {
    call.names.push_back(a.name);
    if (a.default_value && c.chance(3, 4)) call.arguments.push_back(lit(*a.default_value)); else call.arguments.push_back(d.of(a.type));
  }
  d.k.calls.push_back(call);
  return d.k;
}
}
