#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/generate/families.hpp"
#include "check/region/requirement.hpp"
#include "cli/command.hpp"
#include "faults/catalogue.hpp"
#include "forms/laws/matrix.hpp"
#include "kernel/implementation.hpp"
#include "laws/law.hpp"
#include "oracle/contract/contract.hpp"
#include "report/header.hpp"
#include "theorems.hpp"

namespace attest::cli {
namespace {

struct Entry {
  std::string name, meaning;
};

std::vector<Entry> laws() {
  std::vector<Entry> entries;
  for (const forms::MatrixLaw& law : forms::matrix_laws())
    entries.push_back({std::string(law.name), fmt::format("{} (attest's own forms)", law.statement)});
  for (const laws::Law& law : laws::kernel_laws()) {
    entries.push_back({std::string(law.name), fmt::format("{} ({})", law.statement, law.on_kernels)});
  }
  return entries;
}

std::vector<Entry> contracts() {
  std::vector<Entry> entries;
  for (const std::string_view preset : oracle::contract_presets())
    entries.push_back({std::string(preset), "preset: " + oracle::preset_meaning(preset)});
  for (const oracle::ContractField& field : oracle::contract_fields()) {
    entries.push_back({std::string(field.name), fmt::format("{} ({})", field.meaning, field.values)});
  }
  return entries;
}

std::vector<Entry> kernels() {
  std::vector<Entry> entries;
  for (const kernel::AdapterFamily& family : kernel::adapter_families()) {
    std::vector<std::string> variants;
    for (const std::string& variant : family.variants) {
      if (!variant.empty()) variants.push_back(family.name + ":" + variant);
    }
    const std::string also = variants.empty() ? "" : fmt::format(" ({})", fmt::join(variants, ", "));
    entries.push_back({family.name, family.summary + also});
    for (const kernel::UnavailableVariant& kernel : kernel::unavailable_kernels(family.name))
      entries.push_back({kernel.name, "not available: " + kernel.why});
  }
  entries.push_back({"PATH[:SYMBOL]", "a shared library with the kernel ABI (include/attest/kernel.h)"});
  return entries;
}

std::vector<Entry> matrix_entries(const std::vector<forms::MatrixName>& names) {
  std::vector<Entry> entries;
  for (const forms::MatrixName& name : names)
    entries.push_back({std::string(name.name), std::string(name.meaning)});
  return entries;
}

std::vector<Entry> theorem_entries() {
  std::vector<Entry> entries;
  for (const prove::Theorem& theorem : proofs::theorems())
    entries.push_back({theorem.name, fmt::format("{} [{}; twin: {}]", theorem.sentence, theorem.semantics,
                                                 theorem.twin.name)});
  return entries;
}

std::vector<Entry> features() {
  std::vector<Entry> entries;
  for (const check::RequirableName& name : check::requirable_names())
    entries.push_back({name.name, name.meaning});
  return entries;
}

std::vector<Entry> family_entries() {
  std::vector<Entry> entries;
  for (const check::Family& family : check::families())
    entries.push_back({std::string(family.name), std::string(family.reason)});
  return entries;
}

std::vector<Entry> fault_entries() {
  std::vector<Entry> entries;
  for (const faults::KernelFaultEntry& fault : faults::fault_catalogue()) {
    entries.push_back({std::string(fault.name), fmt::format("{} ({})", fault.sentence, fault.number)});
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

Exit run_list(const std::string& what, const CommonOptions& options) {
  std::vector<Entry> entries;
  if (what == "laws") entries = laws();
  if (what == "contracts") entries = contracts();
  if (what == "kernels") entries = kernels();
  if (what == "faults") entries = fault_entries();
  if (what == "features") entries = features();
  if (what == "families") entries = family_entries();
  if (what == "forms") entries = matrix_entries(forms::matrix_forms());
  if (what == "semantics") entries = matrix_entries(forms::matrix_semantics());
  if (what == "theorems") entries = theorem_entries();
  report::Json json = report::report_header("list", options.seed);
  json[what] = report::Json::array();
  std::size_t width = 0;
  for (const Entry& entry : entries) width = std::max(width, entry.name.size());
  for (const Entry& entry : entries) {
    json[what].push_back({{"name", entry.name}, {"meaning", entry.meaning}});
    print(options, fmt::format("{:<{}}  {}\n", entry.name, width, entry.meaning));
  }
  write_json(options, json);
  return Exit::ok;
}

}  // namespace

void add_list_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand("list", "Explain the names that appear in reports");
  auto what = std::make_shared<std::string>();
  auto options = std::make_shared<CommonOptions>();
  command
      ->add_option("WHAT", *what,
                   "laws, forms, semantics (kinds of numbers), contracts, kernels, families (of inputs), "
                   "features, faults or theorems")
      ->required()
      ->check(CLI::IsMember({"laws", "forms", "semantics", "contracts", "kernels", "families", "features",
                             "faults", "theorems"}));
  add_common_options(*command, *options);
  command->footer("Example: attest list laws");
  command->callback([what, options, &exit] { exit = run_list(*what, *options); });
}

}  // namespace attest::cli
