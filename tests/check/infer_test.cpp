// What the probes show of kernels whose arithmetic is known.

#include "check/infer/infer.hpp"

#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "check/fault_study/study_kernel.hpp"
#include "check/infer/infer_study.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

std::string told(const InferStudy& study) {
  std::string text;
  for (const MissedField& field : study.missed)
    text += fmt::format("{}: {} is {}, not {} ({})\n", field.control, field.field, field.inferred,
                        field.expected, field.evidence);
  return text;
}

TEST(Infer, FieldsOfTheControlsInF32AreRightOrUnknown) {
  const InferStudy study = study_inference(DType::f32);
  EXPECT_EQ(study.wrong, 0) << told(study);
  EXPECT_GE(static_cast<double>(study.right), 0.95 * static_cast<double>(study.fields())) << told(study);
}

TEST(Infer, NoFieldOfAControlIsWrongInOtherTypes) {
  for (const DType dtype : {DType::f64, DType::f16, DType::bf16}) {
    const InferStudy study = study_inference(dtype, 6);
    EXPECT_EQ(study.wrong, 0) << name_of(dtype) << "\n" << told(study);
    EXPECT_GT(study.right, study.unknown) << name_of(dtype);
  }
}

TEST(Infer, EveryProbeNamesAFieldThatThereIs) {
  std::set<std::string_view> fields;
  for (const oracle::ContractField& field : oracle::contract_fields()) fields.insert(field.name);
  std::set<std::string_view> names;
  for (const Probe& probe : probes()) {
    EXPECT_TRUE(names.insert(probe.name).second) << probe.name;
    EXPECT_EQ(fields.count(probe.field), 1) << probe.field;
    EXPECT_FALSE(probe.shows.empty());
  }
}

TEST(Infer, TheContractIsALineThatParsesAndHolds) {
  for (const auto& entry : faults::control_catalogue()) {
    if (entry.control != faults::KernelControl::exp_10_bits &&
        entry.control != faults::KernelControl::split_5_by_lse)
      continue;
    const auto kernel = study_kernel(entry);
    const ContractInference inference =
        infer_contract(*kernel, {.dtype = DType::f32, .seed = 1, .cases = 60});
    ASSERT_TRUE(inference.confirmed);
    EXPECT_TRUE(inference.confirmed->findings.empty()) << entry.name << " " << inference.contract;
    EXPECT_TRUE(oracle::contract_for(inference.contract, DType::f32, DType::f32).declared);
  }
}

}  // namespace
}  // namespace attest::check
