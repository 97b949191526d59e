#include <utility>

#include "kernel/forms.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/python_spec.hpp"
#include "kernel/worker/worker_kernel.hpp"

namespace attest::kernel {
namespace {

class WorkerInForms final : public FormKernel {
 public:
  WorkerInForms(const std::string& spec, const AdapterFamily& family, std::string variant)
      : worker_(spec), table_(family.forms), variant_(std::move(variant)), names_(table_.names(variant_)) {}

  const KernelInfo& info() const override { return worker_.info(); }
  void forget() override { worker_.forget(); }
  const std::vector<std::string>& forms() const override { return names_; }
  void choose(std::optional<std::size_t> form) override {
    worker_.set_form(form ? static_cast<std::int32_t>(*form) : -1);
  }
  Problem draw(std::size_t form, Draw& draw) const override { return table_.draw(variant_, form, draw); }
  std::string output(std::size_t form) const override {
    return table_.output == nullptr ? "" : table_.output(variant_, form);
  }
  const std::string& refusal() const override { return refusal_; }

  RunOutcome run(const Problem& problem, const RunOptions& options) override {
    RunOutcome outcome = worker_.run(problem, options);
    refusal_.clear();
    if (outcome.status == RunStatus::failed && outcome.code == kFormRefused) {
      outcome.status = RunStatus::unsupported;
      refusal_ = outcome.printed.empty() ? "refused" : outcome.printed.back();
    }
    return outcome;
  }

 private:
  WorkerKernel worker_;
  FormTable table_;
  std::string variant_;
  std::vector<std::string> names_;
  std::string refusal_;
};

// None for what is no adapter's spec.
std::optional<AdapterSpec> adapter_of(const std::string& spec) {
  if (spec.empty() || command_of_spec(spec) || is_python_spec(spec)) return std::nullopt;
  try {
    const KernelSpec parsed = parse_kernel_spec(spec);
    const auto* adapter = std::get_if<AdapterSpec>(&parsed);
    return adapter == nullptr ? std::nullopt : std::optional(*adapter);
  } catch (const KernelOpenError&) {
    return std::nullopt;
  }
}

}  // namespace

std::unique_ptr<FormKernel> open_in_forms(const std::string& spec) {
  const auto adapter = adapter_of(spec);
  if (!adapter || adapter->whole_family || !adapter->form.empty()) return nullptr;
  const AdapterFamily& family = *find_adapter_family(adapter->family);
  if (family.forms.names == nullptr || family.forms.names(adapter->variant).empty()) return nullptr;
  return std::make_unique<WorkerInForms>(spec, family, adapter->variant);
}

}  // namespace attest::kernel
