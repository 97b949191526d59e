#include "laws/catalogue.hpp"

#include <stdexcept>
#include <string>

namespace attest::laws {
namespace {

const std::vector<Law>& laws_on_request() {
  static const std::vector<Law> laws{
#define LAW_ON_REQUEST(id, name, sentence) id##_law(),
#include "laws/laws.def"
  };
  return laws;
}

template <class Matches>
const Law* find_if(const Matches& matches) {
  for (const auto* laws : {&kernel_laws(), &laws_on_request()}) {
    for (const Law& law : *laws) {
      if (matches(law)) return &law;
    }
  }
  return nullptr;
}

}  // namespace

const std::vector<Law>& kernel_laws() {
  static const std::vector<Law> laws{
#define LAW(id, name, sentence) id##_law(),
#include "laws/laws.def"
  };
  return laws;
}

const Law* find_law(std::string_view name) {
  return find_if([&](const Law& law) { return law.name == name; });
}

const Law& law_of(LawId id) {
  const Law* law = find_if([&](const Law& each) { return each.id == id; });
  if (law == nullptr) throw std::logic_error("no law on kernels: " + std::string(name_of(id)));
  return *law;
}

}  // namespace attest::laws
