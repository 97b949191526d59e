// The names and sentences of all laws, on kernels and on attest's own forms alike (laws.def).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace attest::laws {

enum class LawId : std::uint8_t {
#define LAW(id, name, sentence) id,
#define LAW_ON_REQUEST(id, name, sentence) id,
#define LAW_ON_FORMS(id, name, sentence) id,
#include "laws/laws.def"
};

struct LawStatement {
  std::string_view name;      ///< in reports and files
  std::string_view sentence;  ///< without a final period
};

/// In the order of LawId.
inline constexpr std::array kLawStatements{
#define LAW(id, name, sentence) LawStatement{name, sentence},
#define LAW_ON_REQUEST(id, name, sentence) LawStatement{name, sentence},
#define LAW_ON_FORMS(id, name, sentence) LawStatement{name, sentence},
#include "laws/laws.def"
};

constexpr const LawStatement& statement_of(LawId id) {
  return kLawStatements.at(static_cast<std::size_t>(id));
}
constexpr std::string_view name_of(LawId id) { return statement_of(id).name; }

}  // namespace attest::laws
