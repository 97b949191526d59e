#include "check/infer/infer_study.hpp"

#include "check/fault_study/study_kernel.hpp"
#include "oracle/contract/contract.hpp"

namespace attest::check {
namespace {

bool is_conversion(std::string_view field) {
  return field == "q_conversion" || field == "k_conversion" || field == "v_conversion";
}

bool holds_all(std::string_view name, const Format& of) {
  for (const Format* format : {&kBinary64, &kBinary32, &kTensorFloat32, &kBinary16, &kBfloat16}) {
    if (format_name(*format) == name)
      return format->precision >= of.precision && format->emax >= of.emax &&
             format->emin - format->precision <= of.emin - of.precision;
  }
  return false;
}

}  // namespace

InferStudy study_inference(DType dtype, std::size_t step) {
  InferStudy study;
  const auto& controls = faults::control_catalogue();
  for (std::size_t i = 0; i < controls.size(); i += step) {
    const auto kernel = study_kernel(controls[i]);
    const oracle::Contract declared =
        oracle::contract_for(faults::faulty::contract_of(controls[i].control), dtype, dtype)
            .alternatives.front();
    const ContractInference inference = infer_contract(*kernel, {.dtype = dtype, .seed = 1, .cases = 0});
    for (const InferredField& field : inference.fields) {
      std::string expected = value_in(declared, field.field);
      if (is_conversion(field.field) && holds_all(expected, format_of(dtype))) expected = "none";
      if (field.value == expected) {
        ++study.right;
        continue;
      }
      ++(field.value ? study.wrong : study.unknown);
      study.missed.push_back({.control = controls[i].name,
                              .field = field.field,
                              .inferred = field.value.value_or("unknown"),
                              .expected = expected,
                              .evidence = field.evidence});
    }
  }
  return study;
}

}  // namespace attest::check
