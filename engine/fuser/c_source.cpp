#include "engine/fuser/c_source.h"

#include <fmt/format.h>

#include <set>

#include "engine/core/float_formats.h"
#include "engine/fuser/c_functors.h"

namespace engine::fuser {

namespace {

// The type that a stored element is loaded as: i, f or d in C.
char natural(DType dtype) {
  if (is_integral(dtype)) return 'i';
  return size_of(dtype) > sizeof(float) ? 'd' : 'f';
}
char letter(ComputeType type) {
  return type == ComputeType::integer ? 'i' : type == ComputeType::f32 ? 'f' : 'd';
}

std::string_view stored_type(DType dtype) {
  switch (dtype) {
    case DType::b8:
    case DType::u8:
      return "unsigned char";
    case DType::i8:
      return "signed char";
    case DType::i16:
      return "short";
    case DType::i32:
      return "int";
    case DType::i64:
      return "i";
    case DType::f16:
    case DType::bf16:
      return "unsigned short";
    case DType::f32:
      return "float";
    default:
      return "double";
  }
}

// math::cast.
std::string cast(char to, char from, const std::string& x) {
  if (to == from) return x;
  if (to == 'i') return fmt::format("to_i((d){})", x);
  return fmt::format("(({}){})", to, x);
}

// The bits of a half type.
std::string half_bits(DType dtype, char from, const std::string& x) {
  const std::string_view name = dtype == DType::f16 ? "f16" : "bf16";
  return from == 'd' ? fmt::format("h->{}_d({})", name, x) : fmt::format("h->{}_f((f){})", name, x);
}
std::string half_value(DType dtype, const std::string& bits) {
  return fmt::format("{}({})", dtype == DType::f16 ? "h->f_f16" : "f_bf16", bits);
}

// The value as memory of the dtype would hold it.
std::string held(DType dtype, char from, const std::string& x) {
  if (dtype == DType::b8) return fmt::format("(i)({} != 0)", x);
  if (is_integral(dtype)) return fmt::format("(i)({}){}", stored_type(dtype), cast('i', from, x));
  if (class_of(dtype) == DTypeClass::half) return half_value(dtype, half_bits(dtype, from, x));
  return cast(natural(dtype), from, x);
}

std::string loaded(DType dtype, const std::string& element) {
  if (dtype == DType::b8) return fmt::format("(i)({} != 0)", element);
  if (class_of(dtype) == DTypeClass::half) return half_value(dtype, element);
  return fmt::format("({}){}", natural(dtype), element);
}

std::string to_stored(DType dtype, DType from, const std::string& x) {
  if (dtype == DType::b8) return fmt::format("(unsigned char)({} != 0)", x);
  if (class_of(dtype) == DTypeClass::half) return half_bits(dtype, natural(from), x);
  return fmt::format("({}){}", stored_type(dtype), held(dtype, natural(from), x));
}

std::string variable(Source source) {
  return fmt::format("{}{}", "lnv"[static_cast<int>(source.kind)], source.index);
}

class Writer {
 public:
  explicit Writer(const KernelProgram& program) : program_(program) {}

  std::string write() {
    text_ =
        "typedef __INT64_TYPE__ i; typedef float f; typedef double d;\n"
        "struct half { unsigned short (*f16_f)(f), (*f16_d)(d), (*bf16_f)(f), (*bf16_d)(d); "
        "f (*f_f16)(unsigned short); };\n"
        "static inline f f_bf16(unsigned short x) { union { unsigned u; f x; } y; y.u = (unsigned)x << 16; "
        "return y.x; }\n"
        "static inline i to_i(d x) { return x >= -0x1p63 && x < 0x1p63 ? (i)x : (i)(1ull << 63); }\n";
    declare_library();
    text_ += fmt::format("const char {}[] = \"{}\";\n", key_name, text_of(program_));
    functions();
    text_ += fmt::format(
        "void {}(char *const *at, const i *s, const char *numbers, const struct half *h, i count) {{\n",
        function_name);
    for (size_t n = 0; n < program_.numbers.size(); ++n) {
      const char type = letter(program_.numbers[n]);
      text_ += fmt::format("  const {0} n{1} = *(const {0} *)(numbers + {2});\n", type, n, 8 * n);
    }
    const size_t pointers = program_.outputs.size() + program_.lanes.size();
    text_ += "  if (1";
    for (size_t p = 0; p < pointers; ++p) text_ += fmt::format(" && s[{}] == 1", p);
    text_ += ") {\n";
    loop(false);
    text_ += "  } else {\n";
    loop(true);
    text_ += "  }\n}\n";
    return std::move(text_);
  }

 private:
  // Of functions whose results are not exact, under names that the compiler does not know.
  void declare_library() {
    for (const std::string_view name : {"exp", "expm1", "log", "log1p", "sin", "cos", "atan", "tanh", "erf"})
      text_ += fmt::format("f m_{0}f(f) __asm__(\"{0}f\"); d m_{0}(d) __asm__(\"{0}\"); ", name);
    for (const std::string_view name : {"pow", "atan2"})
      text_ += fmt::format("f m_{0}f(f, f) __asm__(\"{0}f\"); d m_{0}(d, d) __asm__(\"{0}\"); ", name);
    for (const std::string_view name : {"sqrt", "fabs", "floor", "ceil", "trunc"})
      text_ += fmt::format("f {0}f(f); d {0}(d); ", name);
    text_ += "f fmodf(f, f); d fmod(d, d);\n";
  }

  // The functors of the steps, each once for each type.
  void functions() {
    std::set<std::string> written;
    for (const Step& step : program_.steps) {
      const CFunctor& row = *c_functor(step.functor);
      const char type = letter(compute_type_of(step.common));
      const std::string name = fmt::format("{}_{}", row.name, type);
      if (!written.insert(name).second) continue;
      std::string body;
      for (const char* c = type == 'i' ? row.integers : row.reals; *c != '\0'; ++c) {
        if (*c == 'T')
          body += type;
        else if (*c != '#')
          body += *c;
        else if (type == 'f')
          body += 'f';
      }
      std::string parameters;
      for (size_t p = 0; p < step.operands.size(); ++p)
        parameters += fmt::format("{}{} {}", p == 0 ? "" : ", ", type, "abcd"[p]);
      const char result = step.result == PointwiseResult::boolean ? 'i' : type;
      text_ += fmt::format("static inline {} {}({}) {{ {} }}\n", result, name, parameters, body);
    }
  }

  std::string operand(const Step& step, const StepOperand& operand) const {
    const char type = letter(compute_type_of(step.common));
    const std::string value = variable(operand.source);
    if (operand.source.kind == Source::Kind::number) return value;
    const DType own = program_.dtype_of(operand.source);
    const std::string converted = cast(type, natural(own), value);
    if (!operand.rounded || own == step.common) return converted;
    return held(step.common, type, converted);
  }

  void loop(bool strided) {
    const auto element = [&](std::string_view name, size_t index, size_t place) {
      return strided ? fmt::format("{}{}[k * s[{}]]", name, index, place)
                     : fmt::format("{}{}[k]", name, index);
    };
    const size_t outputs = program_.outputs.size();
    for (size_t o = 0; o < outputs; ++o)
      text_ += fmt::format("    {0} *restrict q{1} = ({0} *)at[{1}];\n",
                           stored_type(program_.outputs[o].dtype), o);
    for (size_t l = 0; l < program_.lanes.size(); ++l)
      text_ += fmt::format("    const {0} *p{1} = (const {0} *)at[{2}];\n", stored_type(program_.lanes[l]), l,
                           outputs + l);
    text_ += "    for (i k = 0; k < count; k++) {\n";
    for (size_t l = 0; l < program_.lanes.size(); ++l)
      text_ += fmt::format("      const {} l{} = {};\n", natural(program_.lanes[l]), l,
                           loaded(program_.lanes[l], element("p", l, outputs + l)));
    for (size_t v = 0; v < program_.steps.size(); ++v) step(v);
    for (size_t o = 0; o < outputs; ++o) {
      const Stored& stored = program_.outputs[o];
      text_ +=
          fmt::format("      {} = {};\n", element("q", o, o),
                      to_stored(stored.dtype, program_.dtype_of(stored.source), variable(stored.source)));
    }
    text_ += "    }\n";
  }

  void step(size_t index) {
    const Step& step = program_.steps[index];
    const char type = letter(compute_type_of(step.common));
    std::string call = fmt::format("{}_{}(", c_functor(step.functor)->name, type);
    for (size_t o = 0; o < step.operands.size(); ++o)
      call += (o == 0 ? "" : ", ") + operand(step, step.operands[o]);
    call += ")";
    const char result = step.result == PointwiseResult::boolean ? 'i' : type;
    text_ +=
        fmt::format("      const {} v{} = {};\n", natural(step.dtype), index, held(step.dtype, result, call));
  }

  const KernelProgram& program_;
  std::string text_;
};

}  // namespace

const HalfConversions& half_conversions() {
  static constexpr HalfConversions conversions{f16_from_float, f16_from_double, bf16_from_float,
                                               bf16_from_double, float_from_f16};
  return conversions;
}

std::string c_source(const KernelProgram& program) { return Writer(program).write(); }

std::string text_of(const KernelProgram& program) {
  std::string text;
  for (const DType lane : program.lanes) text += fmt::format("{} ", name_of(lane));
  for (const ComputeType number : program.numbers) text += letter(number);
  for (const Step& step : program.steps) {
    const CFunctor* row = c_functor(step.functor);
    text += fmt::format("; {}.{}", row ? row->name : "unknown", name_of(step.common));
    for (const StepOperand& operand : step.operands)
      text += fmt::format(" {}{}", variable(operand.source), operand.rounded ? "r" : "");
    text += fmt::format(" {}", name_of(step.dtype));
  }
  for (const Stored& stored : program.outputs)
    text += fmt::format("; {} {}", variable(stored.source), name_of(stored.dtype));
  return text;
}

std::string why_not_compiled(const KernelProgram& program) {
  const auto is_simple = [](DType dtype) { return is_computed(dtype) && !is_complex(dtype); };
  for (const DType lane : program.lanes)
    if (!is_simple(lane)) return fmt::format("elements of {}", name_of(lane));
  for (const Step& step : program.steps) {
    if (!is_simple(step.common) || !is_simple(step.dtype))
      return fmt::format("elements of {}", name_of(is_simple(step.common) ? step.dtype : step.common));
    const CFunctor* row = c_functor(step.functor);
    if (!row || !(is_integral(step.common) ? row->integers : row->reals)) return "a functor without C source";
  }
  for (const Stored& stored : program.outputs)
    if (!is_simple(stored.dtype)) return fmt::format("elements of {}", name_of(stored.dtype));
  return "";
}

}  // namespace engine::fuser
