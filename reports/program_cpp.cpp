#include "reports/program_cpp.h"

#include <fmt/format.h>

#include <array>

#include "reports/embedded.h"

namespace reports {

using corpora::Flavour;
using corpora::GuardKind;
using corpora::ProgramArgument;
using corpora::ProgramOp;
using corpora::Statement;
using corpora::StatementKind;

namespace {

// What the two dispatchers spell differently.
struct Spelling {
  std::string_view key, backend, undefined, generator;
};
constexpr Spelling engine_spelling{"DispatchKey::", "Backend::", "Tensor()",
                                   "Value(make_intrusive<GeneratorState>(Device(DeviceType::cpu)))"};
constexpr Spelling c10_spelling{"c10::DispatchKey::", "c10::BackendComponent::", "at::Tensor()",
                                "at::detail::createCPUGenerator()"};

class ProgramWriter {
 public:
  explicit ProgramWriter(Side side)
      : side_(side), words_(side == Side::engine ? engine_spelling : c10_spelling) {}

  std::string step(const Statement& s) const {
    return fmt::format("  step(\"{}\", [&] {{ {} }});\n", corpora::to_text(s), body(s));
  }

 private:
  bool engine() const { return side_ == Side::engine; }

  std::string key(engine::DispatchKey key) const {
    return fmt::format("{}{}", words_.key, engine::name_of(key));
  }

  // Members of the set, spelled one by one: "CPU", "Dense" or "CPUBit".
  std::string keys(engine::KeySet keys) const {
    std::string text;
    const std::string names = corpora::to_text(keys);
    for (size_t at = 1; at + 1 < names.size();) {
      const size_t end = std::min(names.find_first_of(",}", at), names.size());
      std::string name = names.substr(at, end - at);
      const bool bit = name.ends_with("Bit");
      if (bit && engine()) name.resize(name.size() - 3);
      text +=
          fmt::format("{}KeySet({}{})", text.empty() ? "" : " | ", bit ? words_.backend : words_.key, name);
      at = end + 2;
    }
    return text.empty() ? "KeySet()" : text;
  }

  std::string tensor(const ProgramArgument& argument) const {
    if (argument.kind == ProgramArgument::Kind::none) return engine() ? "std::nullopt" : "c10::nullopt";
    if (argument.kind == ProgramArgument::Kind::undefined) return std::string(words_.undefined);
    return fmt::format("tensor({})", keys(argument.keys));
  }

  std::string list(const Statement& s, size_t first, std::string_view function) const {
    std::string text;
    for (size_t i = first; i < s.arguments.size(); ++i)
      text += (i == first ? "" : ", ") + tensor(s.arguments[i]);
    return fmt::format("{}({{{}}})", function, text);
  }

  // As values on a stack.
  std::string arguments(const Statement& s) const {
    const auto value = [&](const ProgramArgument& argument) {
      if (argument.kind == ProgramArgument::Kind::none) return engine() ? "Value()" : std::string("IValue()");
      return tensor(argument);
    };
    switch (s.op) {
      case ProgramOp::number:
        return engine() ? "int64_t{0}" : "IValue(0)";
      case ProgramOp::generator:
        return s.arguments[0].kind == ProgramArgument::Kind::none ? value(s.arguments[0])
                                                                  : std::string(words_.generator);
      case ProgramOp::list:
        return list(s, 0, "list");
      case ProgramOp::optional_list:
        return tensor(s.arguments[0]) + ", " + list(s, 1, "optional_list");
      default:
        break;
    }
    std::string text;
    for (const ProgramArgument& each : s.arguments) text += (text.empty() ? "" : ", ") + value(each);
    return text;
  }

  std::string call(const Statement& s) const {
    const std::string at = s.redispatch ? fmt::format("by_keys({})", keys(s.keys)) : "by_arguments()";
    return fmt::format("{}(\"{}\", {}, {{{}}});", s.typed ? "call_typed" : "call_boxed",
                       corpora::name_of(s.op), at, arguments(s));
  }

  std::string body(const Statement& s) const {
    constexpr std::array<std::string_view, 3> flavours{"boxed", "typed", "other_type"};
    const std::string text = corpora::to_text(s);
    const std::string act = text.substr(text.rfind(' ') + 1);
    switch (s.kind) {
      case StatementKind::define:
        return fmt::format("define({}, \"program::{}{}\");", s.number, corpora::name_of(s.op),
                           corpora::schema_of(s.op));
      case StatementKind::implement:
        return fmt::format("implement({}, \"{}\", {}, {}(\"{}\", {}, \"{}\"));", s.number,
                           corpora::name_of(s.op), key(s.key), flavours[static_cast<size_t>(s.flavour)],
                           corpora::name_of(s.op), s.number, act);
      case StatementKind::fallback:
        return fmt::format("fallback({}, {}, boxed(\"\", {}, \"{}\"));", s.number, key(s.key), s.number, act);
      case StatementKind::drop:
        return fmt::format("drop({});", s.number);
      case StatementKind::guard:
        if (s.guard == GuardKind::force)
          return fmt::format("force({}, {}, {});", s.number, keys(s.keys), keys(s.excluded));
        return fmt::format("{}({}, {});", s.guard == GuardKind::include ? "include" : "exclude", s.number,
                           keys(s.keys));
      case StatementKind::end:
        return fmt::format("end({});", s.number);
      case StatementKind::unwind:
        return "end_all();";
      case StatementKind::call:
        break;
    }
    return call(s);
  }

  Side side_;
  const Spelling& words_;
};

}  // namespace

std::string program_cpp(const corpora::Program& program, Side side) {
  const ProgramWriter writer(side);
  std::string text(side == Side::engine ? embedded::program_engine : embedded::program_c10);
  text += "\nint main() {\n";
  for (const Statement& s : program) text += writer.step(s);
  return text + "  return 0;\n}\n";
}

}  // namespace reports
