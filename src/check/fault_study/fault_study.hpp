// The mutation study: runs the campaign on kernels with seeded bugs, on correct kernels that compute
// differently, and on narrow kernels of both kinds, which accept only a part of what the ABI allows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/campaign/campaign.hpp"
#include "faults/catalogue.hpp"

namespace attest::check {

struct StudyOptions {
  Effort effort = Effort::ci;
  std::uint64_t seed = 1;
  unsigned jobs = 1;  ///< threads; the results do not depend on it
  /// A kernel runs in each of these dtypes that it accepts, and a fault in each that shows it. A fault that
  /// shows only if k and v have a different dtype from q runs where q has one of these.
  std::vector<DType> dtypes{DType::f32, DType::f16, DType::bf16, DType::f64};
  /// Number of answered cases after the first that broke a law, as evidence for the diagnosis.
  std::int64_t cases_after_first = 40;
  std::int64_t control_cases = 400;  ///< of each control in each dtype
  std::vector<std::string> names;    ///< faults, controls and narrow kernels to run; empty: all
  /// Runs each fault once, as attest check would: every dtype that it accepts together, and all cases of the
  /// effort. `dtypes` then only choose among kernels, and `cases_after_first` has no effect.
  bool whole = false;
  std::function<void(std::int64_t done, std::int64_t planned, const std::string& name)> progress;
};

struct FaultResult {
  std::string name;
  std::optional<faults::DTypes> dtypes;  ///< none: all that it accepts, in one campaign
  bool killed = false;                   ///< the verdict is defective, or suspect with the right diagnosis
  std::string killed_by;                 ///< the law of the first finding; empty: none
  std::optional<std::int64_t> cases_to_kill;  ///< answered cases up to the first that broke a law
  std::int64_t cases = 0;                     ///< that it answered
  std::int64_t declined = 0;
  bool nameable = true;                  ///< the fault has a signature
  bool diagnosed = false;                ///< the top hypothesis of some finding is this fault
  std::vector<faults::Diagnosis> named;  ///< the top hypothesis of each finding that has one
  std::vector<std::string> also_named;   ///< other faults that its findings name as possible
  std::int64_t findings = 0;
  std::int64_t misnamed = 0;  ///< findings for which another fault is named, and this one is not
  std::int64_t replayed = 0;  ///< findings whose case file breaks its law in a kernel without history
  Verdict verdict = Verdict::mistrusted;
};

struct ControlResult {
  std::string name;
  faults::DTypes dtypes;
  std::int64_t cases = 0;  ///< that it answered
  std::int64_t declined = 0;
  std::int64_t outputs = 0;
  std::int64_t false_alarms = 0;  ///< cases that broke a law, and 1 for the verdict suspect
  Verdict verdict = Verdict::mistrusted;
  double max_bound_ratio = 0;
  std::string what;  ///< why it does not conform: the first finding, alarm or mistrust

  /// Answered cases as a share of all cases; 0 if there were none.
  double answered_share() const;
};

struct FaultStudy {
  std::vector<FaultResult> faults;      ///< in the order of the catalogue, dtype by dtype
  std::vector<ControlResult> controls;  ///< likewise
  std::vector<FaultResult> narrow_faults;
  std::vector<ControlResult> narrow_controls;
  std::vector<std::int64_t> cases_to_kill() const;  ///< of the killed faults, ascending
};

using MakeKernel = std::function<std::unique_ptr<kernel::Kernel>()>;

/// Checks one faulty kernel. `signature`: the fault that its findings should be named after; none: no name is
/// expected. No dtypes: all that it accepts, in one campaign.
FaultResult study_fault(const MakeKernel& make, faults::KernelFault signature,
                        const std::optional<faults::DTypes>& dtypes, const StudyOptions& options);

/// Throws std::invalid_argument for a name that is not in the catalogues.
FaultStudy run_fault_study(const StudyOptions& options);

}  // namespace attest::check
