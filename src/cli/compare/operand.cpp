#include "cli/compare/operand.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "check/compare/changed_kernel.hpp"
#include "cli/captures.hpp"
#include "cli/command.hpp"
#include "kernel/kernel_spec.hpp"
#include "kernel/python_spec.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/dtype.hpp"
#include "problem/quote.hpp"

namespace attest::cli {
namespace {

constexpr std::string_view kThreads = "threads=";
constexpr std::string_view kBatches = "batches=";
constexpr std::string_view kContract = "contract=";

std::int64_t number_from(std::string_view text, std::int64_t most, const std::string& word) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > most)
    throw UsageError(
        fmt::format("{}: '{}' is not a number from 1 to {}", quote(word), quote(std::string(text)), most));
  return number;
}

// Takes the last change off the spec. False: it ends in none.
bool take_change(const std::string& word, Operand& operand) {
  const std::size_t at = operand.spec.rfind('@');
  if (at == std::string::npos) return false;
  const std::string_view change = std::string_view(operand.spec).substr(at + 1);
  if (change.starts_with(kThreads))
    operand.threads = static_cast<int>(number_from(change.substr(kThreads.size()), 1024, word));
  else if (change.starts_with(kBatches))
    operand.batches = number_from(change.substr(kBatches.size()), 1 << 20, word);
  else if (change.starts_with(kContract))
    operand.contract = change.substr(kContract.size());
  else
    return false;
  operand.spec.erase(at);
  return true;
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// A path may contain the sign.
Operand operand_from(const std::string& word, const std::string& contract) {
  Operand operand{.name = word, .spec = word, .threads = 0, .batches = 0, .contract = {}, .capture = false};
  while (!is_file(operand.spec) && take_change(word, operand)) continue;
  if (operand.contract.empty()) operand.contract = contract;
  // A contract that does not parse is the user's error, before anything runs.
  if (!operand.contract.empty()) oracle::contract_for(operand.contract, DType::f32, DType::f32);
  operand.capture = is_capture(operand.spec);
  if (operand.capture && (operand.threads != 0 || operand.batches != 0))
    throw UsageError(fmt::format("{} is a capture; threads and batches are changed of kernels", quote(word)));
  return operand;
}

std::string without_folders(const std::string& name) {
  const std::size_t end = std::min(name.find_first_of(":@"), name.size());
  const std::size_t slash = name.rfind('/', end);
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

// Without folders, where they are different without them.
std::vector<std::string> names_in_reports(const std::vector<Operand>& operands) {
  std::vector<std::string> names;
  for (const Operand& operand : operands) {
    const bool path = kernel::find_adapter_family(operand.spec) == nullptr &&
                      !kernel::command_of_spec(operand.spec) && !kernel::is_python_spec(operand.spec);
    names.push_back(path ? without_folders(operand.name) : operand.name);
  }
  if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) return names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = operands[i].name;
  return names;
}

}  // namespace

std::vector<Operand> operands_from(const std::vector<std::string>& words, const std::string& contract) {
  std::vector<Operand> operands;
  std::set<std::string> names;
  for (const std::string& word : words) {
    const Operand one = operand_from(word, contract);
    const std::string change = word.substr(one.spec.size());
    const std::vector<std::string> specs =
        one.capture ? std::vector{one.spec} : kernel::expand_kernel_spec(one.spec);
    for (const std::string& spec : specs) {
      Operand operand = one;
      operand.spec = spec;
      operand.name = spec + change;
      // A kernel may be compared with itself.
      for (int again = 2; !names.insert(operand.name).second; ++again)
        operand.name = fmt::format("{}{}#{}", spec, change, again);
      operands.push_back(std::move(operand));
    }
  }
  const std::vector<std::string> shown = names_in_reports(operands);
  for (std::size_t i = 0; i < operands.size(); ++i) operands[i].name = shown[i];
  return operands;
}

std::unique_ptr<kernel::Kernel> open_operand(const Operand& operand) {
  std::unique_ptr<kernel::Kernel> kernel = kernel::open_kernel(operand.spec);
  if (operand.threads != 0) kernel = check::with_threads(std::move(kernel), operand.threads);
  if (operand.batches != 0) kernel = check::with_batches(std::move(kernel), operand.batches);
  return kernel;
}

}  // namespace attest::cli
