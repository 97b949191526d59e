#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/case_file/case_json.hpp"
#include "files/strict_json.hpp"
#include "files/tensor_archive.hpp"
#include "problem/quote.hpp"

namespace attest::check {
namespace {

Causal causal_member(const Json& object, const char* name, const std::string& where) {
  const std::string text = text_member(object, name, where);
  const std::optional<Causal> causal = causal_from_name(text);
  if (!causal) {
    bad_case(where + "." + name,
             fmt::format("is \"{}\", must be none, top-left or bottom-right", quote(text)));
  }
  return *causal;
}

double double_member(const Json& object, const char* name, const std::string& where) {
  return number_from_json(member(object, name, where), DType::f64, where + "." + name);
}

bool bool_member(const Json& object, const char* name, const std::string& where) {
  const Json& json = member(object, name, where);
  if (!json.is_boolean()) bad_case(where + "." + name, "must be true or false");
  return json.get<bool>();
}

void read_tensors(const Json& json, Problem& p, const std::string& where, CaseSize& size) {
  for (const Input& input : kForward.inputs) {
    const std::string name(input.name);
    if (input.optional() && !json.contains(name)) continue;
    input.put(p, tensor_from_json(member(json, name.c_str(), where), where + "." + name, size));
  }
}

void read_scalar(const Json& json, const char* name, const std::string& where, double& value) {
  value = double_member(json, name, where);
}
void read_scalar(const Json& json, const char* name, const std::string& where, std::int64_t& value) {
  value = integer_member(json, name, where);
}
void read_scalar(const Json& json, const char* name, const std::string& where, Causal& value) {
  value = causal_member(json, name, where);
}

// Members that older files do not have.
void read_layout(const Json& json, Problem& p, const std::string& where) {
  for (const OutputTensor& output : kForward.outputs) {
    const std::string name = strides_member(output);
    if (json.contains(name)) p.*output.strides = integers_member(json, name.c_str(), where, kMaxSpan);
  }
  if (json.contains("q_is_k")) p.q_is_k = bool_member(json, "q_is_k", where);
  if (json.contains("k_is_v")) p.k_is_v = bool_member(json, "k_is_v", where);
}

// A kernel is asked for out, whose size no tensor of the file need be in proportion to.
void check_out(const Problem& p, const std::string& where, std::int64_t elements) {
  const double out = static_cast<double>(p.batch()) * static_cast<double>(p.q_heads()) *
                     static_cast<double>(p.q_len()) * static_cast<double>(p.v_dim());
  if (out > 0x1p20 + 256 * static_cast<double>(elements)) {
    bad_case(where,
             fmt::format("has an output of {:g} elements, too many for {} input elements", out, elements));
  }
}

std::vector<std::string> problem_members() {
  std::vector<std::string> names;
  for (const Scalar& scalar : kForward.scalars) names.emplace_back(scalar.name);
  names.emplace_back("want_lse");
  for (const Input& input : kForward.inputs) names.emplace_back(input.name);
  for (const OutputTensor& output : kForward.outputs) names.push_back(strides_member(output));
  for (const char* layout : {"q_is_k", "k_is_v"}) names.emplace_back(layout);
  return names;
}

Problem problem_from_json(const Json& json, const std::string& where, CaseSize& size) {
  const std::int64_t before = size.elements;
  const std::vector<std::string> known = problem_members();
  require_members(json, {known.begin(), known.end()}, where);
  Problem p;
  for (const Scalar& scalar : kForward.scalars) {
    const std::string name(scalar.name);
    std::visit([&](auto at) { read_scalar(json, name.c_str(), where, p.*at); }, scalar.member);
  }
  p.want_lse = bool_member(json, "want_lse", where);
  read_layout(json, p, where);
  read_tensors(json, p, where, size);
  if (const std::string why = why_invalid(p); !why.empty()) bad_case(where + ":", why);
  check_out(p, where, size.elements - before);
  return p;
}

oracle::Element element_from_json(const Json& json, const std::string& where) {
  require_members(json, {"b", "h", "i", "channel", "expected", "got", "bound", "ratio"}, where);
  oracle::Element e;
  e.standing = oracle::Standing::violated;
  e.b = integer_member(json, "b", where);
  e.h = integer_member(json, "h", where);
  e.i = integer_member(json, "i", where);
  const std::int64_t channel = integer_member(json, "channel", where);
  e.output = channel < 0 ? Output::lse : Output::out;
  e.channel = std::max<std::int64_t>(0, channel);
  e.expected = double_member(json, "expected", where);
  e.got = double_member(json, "got", where);
  e.bound = double_member(json, "bound", where);
  e.ratio = double_member(json, "ratio", where);
  return e;
}

std::uint64_t seed_member(const Json& json) {
  const Json& seed = member(json, "seed", "it");
  if (!seed.is_number_unsigned()) bad_case("seed", "must be an integer from 0 to 2^64 - 1");
  return seed.get<std::uint64_t>();
}

laws::FindingKind kind_member(const Json& json) {
  const std::string name = text_member(json, "kind", "it");
  const std::optional<laws::FindingKind> kind = laws::finding_kind_from_name(name);
  if (!kind) bad_case("kind", fmt::format("is \"{}\", which is not a kind of finding", quote(name)));
  return *kind;
}

kernel::Placement placement_member(const Json& json) {
  const std::string name = text_member(json, "placement", "it");
  if (name == "page-end") return kernel::Placement::page_end;
  if (name == "page-begin") return kernel::Placement::page_begin;
  if (name == "misaligned") return kernel::Placement::misaligned;
  bad_case("placement", fmt::format("is \"{}\", must be page-end, page-begin or misaligned", quote(name)));
}

Json parsed(std::string_view text) {
  try {
    return files::parse_json(text);
  } catch (const files::FileFormatError& error) {
    throw CaseFileError(fmt::format("case file: {}", error.what()));
  }
}

std::vector<Problem> earlier_from_json(const Json& json, CaseSize& size) {
  if (!json.is_array() || json.size() > kMostEarlier)
    bad_case("earlier", fmt::format("must be an array of at most {} problems", kMostEarlier));
  std::vector<Problem> earlier;
  for (const Json& problem : json)
    earlier.push_back(problem_from_json(problem, fmt::format("earlier[{}]", earlier.size()), size));
  return earlier;
}

void check_schema(const Json& json) {
  if (!json.is_object()) bad_case("it", "must be a JSON object");
  const std::string schema = text_member(json, "schema", "it");
  if (schema != kCaseSchema)
    bad_case("schema", fmt::format("is \"{}\", must be \"{}\"", quote(schema), kCaseSchema));
}

// Members of withdrawn findings alone.
void read_inferred(const Json& json, CaseFile& file) {
  if (!json.contains("inferred_fields")) return;
  file.inferred_fields = text_member(json, "inferred_fields", "it");
  const std::string name = text_member(json, "inferred_class", "it");
  if (name != "ordinary" && name != "narrower")
    bad_case("inferred_class", fmt::format("is \"{}\", must be ordinary or narrower", name));
  if (name == "narrower") file.inferred_class = RelaxationClass::narrower;
}

}  // namespace

CaseFile parse_case_file(std::string_view text) {
  const Json json = parsed(text);
  check_schema(json);
  require_members(
      json,
      {"schema", "version", "kernel", "law", "kind", "summary", "variant", "contract", "declared_contract",
       "inferred_fields", "inferred_class", "seed", "placement", "earlier", "problem", "elements"},
      "it");
  CaseFile file;
  file.kernel = text_member(json, "kernel", "it");
  file.law = text_member(json, "law", "it");
  file.kind = kind_member(json);
  file.summary = text_member(json, "summary", "it");
  file.variant = text_member(json, "variant", "it");
  file.contract = text_member(json, "contract", "it");
  file.declared_contract = text_member(json, "declared_contract", "it");
  read_inferred(json, file);
  file.seed = seed_member(json);
  file.placement = placement_member(json);
  CaseSize size;
  if (json.contains("earlier")) file.earlier = earlier_from_json(json["earlier"], size);
  file.problem = problem_from_json(member(json, "problem", "it"), "problem", size);
  const Json& elements = member(json, "elements", "it");
  if (!elements.is_array()) bad_case("elements", "must be an array");
  for (const Json& element : elements) {
    file.elements.push_back(element_from_json(element, fmt::format("elements[{}]", file.elements.size())));
  }
  return file;
}

}  // namespace attest::check
