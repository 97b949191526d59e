#include "cli/names/names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/generate/families.hpp"
#include "check/outline/feature_meanings.hpp"
#include "check/region/requirement.hpp"
#include "faults/catalogue.hpp"
#include "forms/laws/matrix.hpp"
#include "kernel/implementation.hpp"
#include "laws/law.hpp"
#include "laws/operation.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/quote.hpp"
#include "theorems.hpp"

namespace attest::cli {
namespace {

std::vector<NameEntry> laws() {
  std::vector<NameEntry> entries;
  for (const forms::MatrixLaw& law : forms::matrix_laws())
    entries.push_back({std::string(law.name), fmt::format("{} (attest's own forms)", law.statement)});
  for (const laws::Law& law : laws::forward_operation().laws()) {
    entries.push_back({std::string(law.name), fmt::format("{} ({})", law.statement, law.on_kernels)});
  }
  const laws::LawStatement& required = laws::statement_of(laws::LawId::required);
  entries.push_back({std::string(required.name), fmt::format("{} (only if asked for)", required.sentence)});
  return entries;
}

std::vector<NameEntry> contracts() {
  std::vector<NameEntry> entries;
  for (const std::string_view preset : oracle::contract_presets())
    entries.push_back({std::string(preset), "preset: " + oracle::preset_meaning(preset)});
  for (const oracle::ContractField& field : oracle::contract_fields()) {
    entries.push_back({std::string(field.name), fmt::format("{} ({})", field.meaning, field.values)});
  }
  return entries;
}

std::vector<NameEntry> kernels() {
  std::vector<NameEntry> entries;
  for (const kernel::AdapterFamily& family : kernel::adapter_families()) {
    std::vector<std::string> variants;
    for (const std::string& variant : family.variants) {
      if (!variant.empty()) variants.push_back(family.name + ":" + variant);
    }
    const std::string also = variants.empty() ? "" : fmt::format(" ({})", fmt::join(variants, ", "));
    entries.push_back({family.name, family.summary + also});
    if (!family.named_variants.empty())
      entries.push_back({fmt::format("{}:VARIANT", family.name),
                         fmt::format("variants for which {} alone does not stand: {}", family.name,
                                     fmt::join(family.named_variants, ", "))});
    for (const std::string& variant : family.device_variants)
      entries.push_back({family.name + ":" + variant, "on a device; ./attest setup --gpu (docs/gpu.md)"});
    for (const kernel::UnavailableVariant& kernel : kernel::unavailable_kernels(family.name))
      entries.push_back({kernel.name, "not available: " + kernel.why});
  }
  entries.push_back({"torch, jax, triton",
                     "kernels of these Python frameworks, where they are installed (attest check torch)"});
  entries.push_back({"py:MODULE:FUNCTION", "a Python function (docs/python.md)"});
  entries.push_back({"opencl:FILE.cl[:KERNEL]", "a kernel in OpenCL C (docs/gpu.md)"});
  entries.push_back({"PATH[:SYMBOL]", "a shared library with the kernel ABI (include/attest/kernel.h)"});
  return entries;
}

std::vector<NameEntry> named_kernels() {
  std::vector<NameEntry> entries;
  for (const kernel::AdapterFamily& family : kernel::adapter_families()) {
    for (const std::string& variant : family.named_variants)
      entries.push_back({family.name + ":" + variant, family.summary});
  }
  return entries;
}

std::vector<NameEntry> matrix_entries(const std::vector<forms::MatrixName>& names) {
  std::vector<NameEntry> entries;
  for (const forms::MatrixName& name : names)
    entries.push_back({std::string(name.name), std::string(name.meaning)});
  return entries;
}

std::vector<NameEntry> theorem_entries() {
  std::vector<NameEntry> entries;
  for (const prove::Theorem& theorem : proofs::theorems())
    entries.push_back({theorem.name, fmt::format("{} [{}; twin: {}]", theorem.sentence, theorem.semantics,
                                                 theorem.twin.name)});
  return entries;
}

// What --require names, then features that it does not name, as reports do.
std::vector<NameEntry> features() {
  std::vector<NameEntry> entries;
  for (const check::RequirableName& name : check::requirable_names())
    entries.push_back({name.name, name.meaning});
  for (std::size_t f = 0; f < check::kFeatures; ++f) {
    const auto feature = static_cast<check::Feature>(f);
    const bool dtype = dtype_from_name(check::name_of(feature)).has_value();
    if (check::word_of(feature).empty() && !dtype)
      entries.push_back({std::string(check::name_of(feature)), std::string(check::meaning_of(feature))});
  }
  return entries;
}

// The names of features in reports, where --require has another word for it.
std::vector<NameEntry> features_in_reports() {
  std::vector<NameEntry> entries;
  for (std::size_t f = 0; f < check::kFeatures; ++f) {
    const auto feature = static_cast<check::Feature>(f);
    const std::string_view word = check::word_of(feature);
    if (word.empty() || word == check::name_of(feature)) continue;
    entries.push_back({std::string(check::name_of(feature)),
                       fmt::format("{} (--require {})", check::meaning_of(feature), word)});
  }
  return entries;
}

std::vector<NameEntry> family_entries() {
  std::vector<NameEntry> entries;
  for (const check::Family& family : check::families())
    entries.push_back({std::string(family.name), std::string(family.reason)});
  return entries;
}

std::vector<NameEntry> fault_entries() {
  std::vector<NameEntry> entries;
  for (const faults::KernelFaultEntry& fault : faults::fault_catalogue()) {
    entries.push_back({std::string(fault.name), std::string(fault.sentence)});
  }
  for (const faults::KernelControlEntry& control : faults::control_catalogue()) {
    entries.push_back({std::string(control.name), fmt::format("control: {}", control.sentence)});
  }
  for (const faults::NarrowKernelEntry& narrow : faults::narrow_catalogue()) {
    const bool control = narrow.fault == faults::KernelFault::none;
    entries.push_back({std::string(narrow.name),
                       fmt::format("takes {}; {}", faults::meaning_of(narrow.gate),
                                   control ? "control" : faults::entry_of(narrow.fault).sentence)});
  }
  return entries;
}

std::vector<NameEntry> verdicts() {
  return {
      {"conforming",
       "every output is within its bound, every law holds, and the check was strong enough (exit 0)"},
      {"defective",
       "an output is outside its bound, a law is broken, or the kernel crashed or hung (exit 1)"},
      {"suspect", "errors within the bounds are larger than rounding explains, or lean to one side (exit 2)"},
      {"mistrusted", "nothing wrong was found, but the check was too weak to say so (exit 2)"}};
}

std::vector<NameEntry> symptoms() {
  return {{"wrong-value", "a finite value outside its bound, or other bits where a law requires equal ones"},
          {"nan", "NaN or an infinity where every correct kernel returns a finite value"},
          {"nondeterministic", "the same call twice gave different bits"},
          {"uninitialised", "the result depends on what the output held before the call"},
          {"memory", "an access outside the tensors, or a data race on a device"},
          {"input-mutated", "the kernel wrote to its inputs"},
          {"crash", "the process of the kernel died"},
          {"timeout", "no answer within the time limit of one call"},
          {"failed", "the kernel returned a status that is neither ok nor unsupported"},
          {"environment", "the call changed the state of its process"},
          {"lse", "the logarithm of the denominator is wrong"},
          {"declined", "the kernel declined what --require names"}};
}

std::vector<NameEntry> words() {
  return {{"certified",
           "of a diagnosis: every output lies within the bound around what the fault gives exactly, and "
           "one at least outside that of the right result; of outputs: the bound is narrow enough to count"},
          {"ranked", "of a diagnosis: the likeliest fault, which the bound neither proves nor refutes"},
          {"alpha", "how much of a fault's signature the outputs contain: 1 for a kernel that has it"},
          {"bitwise", "the two runs that a law compares agreed bit for bit in every case"},
          {"not examined", "neither accepted nor declined so far, or accepted and covered by no case"},
          {"n/a", "the law does not apply to the kernel; the reason follows"}};
}

}  // namespace

const std::vector<NameList>& all_names() {
  static const std::vector<NameList> lists{
      {"laws", "law", laws()},
      {"forms", "form of attention", matrix_entries(forms::matrix_forms())},
      {"semantics", "kind of number", matrix_entries(forms::matrix_semantics())},
      {"contracts", "contract field or preset", contracts()},
      {"kernels", "kernel", kernels()},
      {"families", "family of inputs", family_entries()},
      {"features", "feature", features()},
      {"faults", "faulty kernel or control", fault_entries()},
      {"theorems", "theorem", theorem_entries()},
      {"named kernels", "kernel", named_kernels(), false},
      {"features in reports", "feature", features_in_reports(), false},
      {"verdicts", "verdict", verdicts(), false},
      {"symptoms", "kind of finding", symptoms(), false},
      {"words", "word of reports", words(), false},
  };
  return lists;
}

std::string nearest_name(std::string_view wrong) {
  std::vector<std::string_view> known;
  for (const NameList& list : all_names()) {
    for (const NameEntry& entry : list.names) known.emplace_back(entry.name);
  }
  return closest_word(wrong, known);
}

}  // namespace attest::cli
