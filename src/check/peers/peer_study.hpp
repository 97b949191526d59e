// The mutation study compared with other people's rules: which suite accepts which fault, and what attest
// says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/fault_study/fault_study.hpp"
#include "check/peers/rules.hpp"

namespace attest::check {

/// What every rule says about one kernel in one type.
struct PeerRow {
  std::string name;
  DType dtype = DType::f32;
  bool correct = false;                      ///< it is a control
  std::vector<std::optional<bool>> accepts;  ///< as the rules; none: the suite does not test this type
  /// Attest's verdict in the same run. Of a fault: defective, or suspect with the right diagnosis. Of a
  /// control: any false alarm.
  bool flagged = false;
};

struct PeerStudy {
  std::vector<PeerRow> rows;  ///< faults, then controls, in the order of the catalogue, type by type

  struct Count {
    std::int64_t accepted = 0, of = 0;
  };
  /// Kernels that the rule accepts, of those that it examines.
  Count accepted(std::size_t rule, bool correct) const;
  /// The same of attest: those that it does not flag.
  Count accepted_by_attest(bool correct) const;
  /// The same on the kernels that the rule examines alone.
  Count accepted_by_attest(std::size_t rule, bool correct) const;
};

/// Asks the rules. options.dtypes of f32, f16 and bf16; other types are left out. options.names may name
/// faults and controls. Throws std::invalid_argument for any other name, and where no kernel is left.
PeerStudy run_peer_study(const StudyOptions& options, const std::vector<PeerRule>& rules = peer_rules());

}  // namespace attest::check
