#include "check/explain/relaxation.hpp"

#include <algorithm>
#include <set>

namespace attest::check {
namespace {

// The dtypes that a row of the table is for.
namespace applies_to {

int narrowest(DType q, DType kv) { return std::min(format_of(q).precision, format_of(kv).precision); }

bool any(DType, DType) { return true; }
bool f64_data(DType q, DType kv) { return narrowest(q, kv) == format_of(DType::f64).precision; }
bool not_f64(DType q, DType kv) { return !f64_data(q, kv); }
bool f32_data(DType q, DType kv) { return narrowest(q, kv) >= format_of(DType::f32).precision; }
bool f32_query(DType q, DType) { return format_of(q).precision >= format_of(DType::f32).precision; }
bool f32_cache(DType, DType kv) { return format_of(kv).precision >= format_of(DType::f32).precision; }
bool data16(DType q, DType kv) { return !f32_data(q, kv); }

}  // namespace applies_to

std::set<std::string_view> names_of(std::string_view fields) {
  std::set<std::string_view> names;
  while (!fields.empty()) {
    names.insert(fields.substr(0, fields.find('=')));
    const std::size_t end = fields.find(';');
    fields.remove_prefix(end == std::string_view::npos ? fields.size() : end + 1);
  }
  return names;
}

}  // namespace

const std::vector<Relaxation>& relaxations() {
  static const std::vector<Relaxation> table{
#define RELAXATION(id, kind_, when, fields_, sentence_) \
  {.name = #id,                                         \
   .kind = RelaxationClass::kind_,                      \
   .fields = fields_,                                   \
   .sentence = sentence_,                               \
   .applies = applies_to::when},
#include "check/explain/relaxations.def"
  };
  return table;
}

std::string fields_of(const Relaxations& relaxations, DType q, DType kv) {
  std::string fields;
  for (const Relaxation* relaxation : relaxations) {
    if (!relaxation->applies(q, kv)) continue;
    fields += (fields.empty() ? "" : ";") + std::string(relaxation->fields);
  }
  return fields;
}

RelaxationClass kind_of(const Relaxations& relaxations) {
  const bool narrower = std::any_of(relaxations.begin(), relaxations.end(),
                                    [](const Relaxation* r) { return r->kind == RelaxationClass::narrower; });
  return narrower ? RelaxationClass::narrower : RelaxationClass::ordinary;
}

bool lets_calls_differ(const Relaxation& relaxation) {
  return names_of(relaxation.fields) == std::set<std::string_view>{"repeatable"};
}

bool overlap(const Relaxation& a, const Relaxation& b) {
  const std::set<std::string_view> names = names_of(a.fields);
  const std::set<std::string_view> others = names_of(b.fields);
  return std::any_of(others.begin(), others.end(),
                     [&](std::string_view name) { return names.count(name) > 0; });
}

}  // namespace attest::check
