#include "oracles/compare/divergence_json.h"

#include <cmath>
#include <cstdlib>

#include "corpora/case/number_text.h"
#include "corpora/case/text.h"
#include "corpora/case/text_values.h"
#include "engine/core/input_error.h"
#include "oracles/compare/names.h"

namespace oracles {

using Json = nlohmann::ordered_json;

namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& text) {
  throw engine::InputError("", "unknown " + what + " '" + text + "'");
}

template <class Enum>
Enum required(std::optional<Enum> found, const std::string& what, const std::string& text) {
  if (!found) refuse(what, text);
  return *found;
}

std::string text_at(const Json& json, const char* key) { return json.value(key, std::string()); }

engine::DType dtype_from(const Json& json) {
  const std::string name = json.get<std::string>();
  return required(engine::dtype_named(name), "dtype", name);
}

void element_from(const Json& json, engine::DType dtype, std::byte* to) {
  const std::string text = json.get<std::string>();
  std::string why;
  // An uninitialised bool may hold any byte.
  const engine::DType read_as = dtype == engine::DType::b8 ? engine::DType::u8 : dtype;
  if (!corpora::parse_element(read_as, text, to, why)) refuse("element", text);
}

Json json_of(const engine::Dims& dims) { return std::vector<int64_t>(dims.begin(), dims.end()); }

engine::Dims dims_from(const Json& json) {
  const auto numbers = json.get<std::vector<int64_t>>();
  return {numbers.begin(), numbers.end()};
}

// ---- places

Json json_of(const Place& place) {
  Json json = {{"part", name_of(place.part)}};
  if (place.index >= 0) json["index"] = place.index;
  if (place.position >= 0) json["position"] = place.position;
  if (place.element) json["element"] = json_of(*place.element);
  if (!place.name.empty()) json["name"] = place.name;
  return json;
}

Place place_from(const Json& json) {
  const std::string part = json.at("part");
  Place place{required(part_named(part), "part", part)};
  place.index = json.value("index", -1);
  place.position = json.value("position", -1);
  if (const auto at = json.find("element"); at != json.end()) place.element = dims_from(*at);
  place.name = text_at(json, "name");
  return place;
}

// ---- what a side shows: an object with one key, the name of the alternative

constexpr std::array<std::string_view, 3> changes{"none", "values", "geometry"};

struct ToJson {
  Json operator()(const std::monostate&) const { return nullptr; }
  Json operator()(const Element& e) const {
    return {{"element",
             {{"dtype", name_of(e.dtype)}, {"value", corpora::element_text(e.dtype, e.bytes.data())}}}};
  }
  Json operator()(const engine::Dims& dims) const { return {{"dims", json_of(dims)}}; }
  Json operator()(const int64_t& number) const { return {{"number", number}}; }
  Json operator()(const engine::DType& dtype) const { return {{"dtype", name_of(dtype)}}; }
  Json operator()(const Identity& i) const {
    return {{"identity", {{"input", i.input}, {"out", i.out}, {"storage", i.storage}, {"fresh", i.fresh}}}};
  }
  Json operator()(const LazyBits& bits) const {
    return {{"lazy_bits", {{"conj", bits.conj}, {"neg", bits.neg}}}};
  }
  Json operator()(const Change& change) const { return {{"change", changes[static_cast<size_t>(change)]}}; }
  Json operator()(const RequiresGrad& grad) const { return {{"requires_grad", grad.value}}; }
  Json operator()(const Word& word) const { return {{"word", word.text}}; }
  Json operator()(const Names& names) const { return {{"names", names}}; }
  Json operator()(const corpora::Value& value) const { return {{"value", corpora::to_text(value)}}; }
};

corpora::Value value_from(const Json& json) {
  const std::string text = json.get<std::string>();
  corpora::Cursor cursor(text, "value");
  return corpora::ValueParser(cursor).parse(0, 0);
}

Shown shown_from(const Json& json) {
  if (json.is_null()) return {};
  const std::string key = json.begin().key();
  const Json& one = json.begin().value();
  if (key == "element") {
    Element element{dtype_from(one.at("dtype")), {}};
    element_from(one.at("value"), element.dtype, element.bytes.data());
    return element;
  }
  if (key == "dims") return dims_from(one);
  if (key == "number") return one.get<int64_t>();
  if (key == "dtype") return dtype_from(one);
  if (key == "identity") return Identity{one.at("input"), one.at("out"), one.at("storage"), one.at("fresh")};
  if (key == "lazy_bits") return LazyBits{one.at("conj"), one.at("neg")};
  if (key == "change")
    if (const auto change = enumerator_named<Change>(changes, one.get<std::string>())) return *change;
  if (key == "requires_grad") return RequiresGrad{one};
  if (key == "word") return Word{one};
  if (key == "names") return one.get<Names>();
  if (key == "value") return value_from(one);
  refuse("kind of content", key);
}

// ---- whole values

constexpr std::array flags{std::pair("conj", &TensorSnapshot::conj), std::pair("neg", &TensorSnapshot::neg),
                           std::pair("zero", &TensorSnapshot::zero), std::pair("meta", &TensorSnapshot::meta),
                           std::pair("requires_grad", &TensorSnapshot::requires_grad)};

Json json_of(const TensorSnapshot& t) {
  if (!t.defined) return {{"undefined", true}};
  Json json = {{"dtype", name_of(t.dtype)},
               {"sizes", json_of(t.sizes)},
               {"strides", json_of(t.strides)},
               {"offset", t.offset},
               {"device", t.device},
               {"storage", t.storage},
               {"same_as_input", t.same_as_input}};
  if (t.opaque) json["type"] = t.type_name;
  for (const auto& [name, flag] : flags)
    if (t.*flag) json[name] = true;
  if (!t.has_values) return json;
  json["values"] = Json::array();
  const size_t size = engine::size_of(t.dtype);
  for (size_t at = 0; at + size <= t.values.size(); at += size)
    json["values"].push_back(corpora::element_text(t.dtype, t.values.data() + at));
  return json;
}

TensorSnapshot tensor_from(const Json& json) {
  TensorSnapshot t;
  t.defined = !json.value("undefined", false);
  if (!t.defined) return t;
  t.dtype = dtype_from(json.at("dtype"));
  t.sizes = dims_from(json.at("sizes"));
  t.strides = dims_from(json.at("strides"));
  t.offset = json.at("offset");
  t.device = json.at("device");
  t.storage = json.at("storage");
  t.same_as_input = json.at("same_as_input");
  t.type_name = text_at(json, "type");
  t.opaque = json.contains("type");
  for (const auto& [name, flag] : flags) t.*flag = json.value(name, false);
  const auto values = json.find("values");
  t.has_values = values != json.end();
  if (!t.has_values) return t;
  const size_t size = engine::size_of(t.dtype);
  t.values.resize(values->size() * size);
  for (size_t i = 0; i < values->size(); ++i) element_from((*values)[i], t.dtype, t.values.data() + i * size);
  return t;
}

Json json_of(const Result& result) {
  if (result.kind == Result::Kind::tensor) return {{"tensor", json_of(result.tensor)}};
  if (result.kind == Result::Kind::plain) return {{"value", corpora::to_text(result.plain)}};
  Json list = Json::array();
  for (const Result& element : result.list) list.push_back(json_of(element));
  return {{"list", list}};
}

Result result_from(const Json& json) {
  Result result;
  if (const auto tensor = json.find("tensor"); tensor != json.end()) {
    result.kind = Result::Kind::tensor;
    result.tensor = tensor_from(*tensor);
  } else if (const auto list = json.find("list"); list != json.end()) {
    result.kind = Result::Kind::list;
    for (const Json& element : *list) result.list.push_back(result_from(element));
  } else {
    result.plain = value_from(json.at("value"));
  }
  return result;
}

// ---- sides

Json json_of(const Side& side) {
  Json json = {{"end", name_of(side.end)}};
  if (!side.error_class.empty()) json["error_class"] = side.error_class;
  if (!side.message.empty()) json["message"] = side.message;
  if (side.signal) json["signal"] = side.signal;
  if (side.status) json["status"] = side.status;
  if (!side.last_output.empty()) json["last_output"] = side.last_output;
  if (Json shown = std::visit(ToJson{}, side.shown); !shown.is_null()) json["shows"] = std::move(shown);
  for (const Result& result : side.whole) json["whole"].push_back(json_of(result));
  return json;
}

Side side_from(const Json& json) {
  Side side;
  const std::string end = json.at("end");
  side.end = required(end_named(end), "end", end);
  side.error_class = text_at(json, "error_class");
  side.message = text_at(json, "message");
  side.signal = json.value("signal", 0);
  side.status = json.value("status", 0);
  side.last_output = text_at(json, "last_output");
  if (const auto shows = json.find("shows"); shows != json.end()) side.shown = shown_from(*shows);
  if (const auto whole = json.find("whole"); whole != json.end())
    for (const Json& result : *whole) side.whole.push_back(result_from(result));
  return side;
}

}  // namespace

Json number_json(double x) {
  if (std::isfinite(x)) return x;
  return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

double number_from(const Json& json) {
  if (json.is_string()) return std::strtod(json.get_ref<const std::string&>().c_str(), nullptr);
  return json.get<double>();
}

Json to_json(const Divergence& d) {
  Json json = {{"operator", d.op},
               {"call", d.call},
               {"where", json_of(d.place)},
               {"left", json_of(d.left)},
               {"right", json_of(d.right)},
               {"tier", name_of(d.tier)},
               {"difference", number_json(d.difference)},
               {"bound", number_json(d.bound)},
               {"bound_reason", d.bound_reason},
               {"uninitialised", d.uninitialised}};
  if (d.form) json["form"] = name_of(*d.form);
  return json;
}

Divergence divergence_from(const Json& json, Kind kind) {
  Divergence d;
  d.kind = kind;
  d.op = json.at("operator");
  d.call = json.at("call");
  d.place = place_from(json.at("where"));
  d.left = side_from(json.at("left"));
  d.right = side_from(json.at("right"));
  d.tier = tier_named(json.at("tier").get<std::string>()).value_or(Tier::none);
  d.difference = number_from(json.at("difference"));
  d.bound = number_from(json.at("bound"));
  d.bound_reason = json.at("bound_reason");
  d.uninitialised = json.at("uninitialised");
  if (const std::string form = text_at(json, "form"); !form.empty())
    d.form = required(out_state_named(form), "form", form);
  return d;
}

}  // namespace oracles
