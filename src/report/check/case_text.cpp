#include "report/check/case_text.hpp"

#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "problem/inputs.hpp"
#include "report/check/shell_word.hpp"
#include "report/number.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kListed = 16;     // values written out in full
constexpr std::size_t kExceptions = 6;  // values named one by one in an otherwise constant tensor

std::vector<std::int64_t> index_of(const Tensor& tensor, std::int64_t linear) {
  std::vector<std::int64_t> index(tensor.rank());
  for (std::size_t axis = tensor.rank(); axis-- > 0;) {
    index[axis] = linear % tensor.shape()[axis];
    linear /= tensor.shape()[axis];
  }
  return index;
}

std::string all_of(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double x : values) texts.push_back(exact_text(x));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

double most_common(const std::vector<double>& values) {
  std::map<double, std::size_t> counts;
  double best = values.front();
  for (const double x : values) {
    if (!std::isnan(x) && ++counts[x] > counts[best]) best = x;
  }
  return best;
}

// "c except t[1,2] = x, ..." where few elements differ from the most common value, else "".
std::string mostly_constant(const std::string& name, const Tensor& tensor,
                            const std::vector<double>& values) {
  const double base = most_common(values);
  std::vector<std::string> exceptions;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == base) continue;
    if (exceptions.size() == kExceptions) return "";
    exceptions.push_back(fmt::format("{}[{}] = {}", name,
                                     fmt::join(index_of(tensor, static_cast<std::int64_t>(i)), ","),
                                     exact_text(values[i])));
  }
  if (exceptions.empty()) return exact_text(base);
  return fmt::format("{} except {}", exact_text(base), fmt::join(exceptions, ", "));
}

std::string tensor_line(const std::string& name, const Tensor& tensor) {
  const std::vector<double> values = tensor.values();
  if (values.empty()) return "";
  std::string text = mostly_constant(name, tensor, values);
  if (text.empty() && values.size() <= kListed) text = all_of(values);
  if (text.empty())
    return fmt::format("{}: {}", name, counted(static_cast<std::int64_t>(values.size()), "value"));
  return fmt::format("{} = {}", name, text);
}

}  // namespace

std::vector<std::string> input_lines(const Problem& p) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view name, const Tensor& tensor) {
    std::string line = tensor_line(std::string(name), tensor);
    if (!tensor.contiguous() && tensor.count() > 0) {
      line += fmt::format("  (strides [{}])", fmt::join(tensor.memory_strides(), ", "));
    }
    if (!line.empty()) lines.push_back(std::move(line));
  };
  for (const Input& input : required_inputs()) add(input.name, *input.of(p));
  if (p.scale != 1) lines.push_back(fmt::format("scale = {}", exact_text(p.scale)));
  for (const Input& input : optional_inputs()) {
    if (const Tensor* tensor = input.of(p)) add(input.name, *tensor);
  }
  if (k_lies_in_q(p)) lines.emplace_back("q and k are at one address");
  if (v_lies_in_k(p)) lines.emplace_back("k and v are at one address");
  if (!p.out_strides.empty())
    lines.push_back(fmt::format("out has strides [{}]", fmt::join(p.out_strides, ", ")));
  if (p.want_lse && !p.lse_strides.empty()) {
    lines.push_back(fmt::format("lse has strides [{}]", fmt::join(p.lse_strides, ", ")));
  }
  return lines;
}

std::string element_name(const oracle::Element& e) {
  if (e.in(Output::lse)) return fmt::format("lse[{},{},{}]", e.b, e.h, e.i);
  return fmt::format("out[{},{},{},{}]", e.b, e.h, e.i, e.channel);
}

std::string replay_command(const check::Finding& finding) {
  const std::string command = finding.file.ends_with(".json") ? "attest replay " : "attest check ";
  return command + shell_word(finding.file) + (finding.runs_command ? " --allow-exec" : "");
}

}  // namespace attest::report
