// The mistakes that people make first in a kernel of their own: each gets its own name or none, never
// another's.

#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "check/campaign/campaign.hpp"
#include "check/fault_study/study_kernel.hpp"
#include "kernel/adapters/request.hpp"
#include "kernel/in_process/in_process.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

using faults::KernelFault;
using kernel::adapters::Request;
using test::Fault;

// Attention as a first version has it: two passes in float, f32 alone, no lse, bias, softcap, sink or slopes.
struct FirstVersion {
  bool subtracts_maximum = true;
  bool ignores_strides = false;
  double exp_error = 0;  // relative, with a sign that changes from argument to argument

  float weight(float score, float maximum) const {
    const float x = subtracts_maximum ? score - maximum : score;
    return std::exp(x) * static_cast<float>(1 + exp_error * std::sin(40 * static_cast<double>(x)));
  }

  int operator()(const attest_forward& f) const {
    if (f.lse != nullptr || f.softcap != 0 || f.sink != nullptr || f.alibi_slopes != nullptr ||
        f.bias != nullptr)
      return ATTEST_UNSUPPORTED;
    Request r = kernel::adapters::read_request(f);
    if (r.q.dtype != DType::f32 || r.k.dtype != DType::f32) return ATTEST_UNSUPPORTED;
    if (ignores_strides) {
      for (kernel::adapters::View* view : {&r.q, &r.k, &r.v}) pack(*view);
    }
    for (std::int64_t b = 0; b < r.batch; ++b) {
      for (std::int64_t h = 0; h < r.q_heads; ++h) {
        for (std::int64_t i = 0; i < r.q_len; ++i) write_row(f, r, b, h, i);
      }
    }
    return ATTEST_OK;
  }

 private:
  static void pack(kernel::adapters::View& view) {
    // A packed reader must stay inside what it was given.
    std::int64_t span = 1;
    for (std::size_t axis = 0; axis < 4; ++axis) span += (view.shape[axis] - 1) * view.strides[axis];
    std::int64_t count = 1;
    for (const std::int64_t extent : view.shape) count *= extent;
    if (count > span) return;
    std::int64_t stride = 1;
    for (std::size_t axis = 4; axis-- > 0; stride *= view.shape[axis]) view.strides[axis] = stride;
  }

  void write_row(const attest_forward& f, const Request& r, std::int64_t b, std::int64_t h,
                 std::int64_t i) const {
    const std::int64_t kv_head = h / (r.q_heads / r.kv_heads);
    std::vector<float> scores;
    std::vector<std::int64_t> keys;
    float maximum = -HUGE_VALF;
    for (std::int64_t j = 0; j < r.kv_len; ++j) {
      if (!r.visible(b, h, i, j)) continue;
      float dot = 0;
      for (std::int64_t c = 0; c < r.qk_dim; ++c)
        dot += static_cast<float>(r.q.at(b, h, i, c)) * static_cast<float>(r.k.at(b, kv_head, j, c));
      scores.push_back(dot * static_cast<float>(r.scale));
      keys.push_back(j);
      maximum = std::max(maximum, scores.back());
    }
    float sum = 0;
    for (float& score : scores) sum += score = weight(score, maximum);
    const DLTensor& out = *f.out;
    for (std::int64_t c = 0; c < r.v_dim; ++c) {
      float value = 0;
      for (std::size_t n = 0; n < keys.size(); ++n)
        value += scores[n] * static_cast<float>(r.v.at(b, kv_head, keys[n], c));
      float* to = static_cast<float*>(out.data) + b * out.strides[0] + h * out.strides[1] +
                  i * out.strides[2] + c * out.strides[3];
      *to = keys.empty() ? 0 : value / sum;
    }
  }
};

struct Mistake {
  std::string title;
  std::function<std::unique_ptr<kernel::Kernel>()> kernel;
  std::vector<KernelFault> true_names;  // empty: the library does not have it
  friend void PrintTo(const Mistake& m, std::ostream* out) { *out << m.title; }
};

Mistake of_library(const std::string& title, KernelFault fault, std::vector<KernelFault> names = {}) {
  names.push_back(faults::entry_of(fault).signature);
  return {title, [fault] { return study_kernel(faults::entry_of(fault)); }, std::move(names)};
}

Mistake of_plain(const std::string& title, Fault fault, std::vector<KernelFault> names) {
  return {title, [fault] { return test::plain_kernel(fault); }, std::move(names)};
}

Mistake of_first_version(const std::string& title, FirstVersion version,
                         std::vector<KernelFault> names = {}) {
  const auto make = [version]() -> std::unique_ptr<kernel::Kernel> {
    kernel::KernelInfo info;
    info.name = "first version";
    info.contract = "f32";
    return std::make_unique<kernel::InProcessKernel>(std::move(info), version);
  };
  return {title, make, std::move(names)};
}

std::vector<Mistake> mistakes() {
  return {
      of_library("MaximumStartsAtMinus10000", KernelFault::initial_max_minus_1e4),
      of_library("MaximumStartsAt0", KernelFault::initial_max_zero),
      of_library("MaximumStartsAtFltMin", KernelFault::initial_max_flt_min),
      of_plain("OffsetIsUnsigned", Fault::unsigned_position, {KernelFault::causal_offset_unsigned}),
      of_library("MaskedLeadingTileIsNan", KernelFault::nan_masked_tile),
      of_first_version("ExponentialHas3Digits", {.exp_error = 7.5e-4}),
      of_first_version("StridesIgnored", {.ignores_strides = true}, {KernelFault::key_strides_ignored}),
      of_library("RowsBeforeHeads", KernelFault::heads_before_rows),
      of_library("CausalWhereNoneWasAsked", KernelFault::causal_unasked),
      of_library("ScaleMissing", KernelFault::scale_missing),
      of_plain("HeadModulo", Fault::head_map, {KernelFault::head_modulo}),
      of_library("HeadByKvHeads", KernelFault::head_by_kv_heads),
      of_plain("MaskedKeysLoseTenThousand", Fault::masks_by_penalty, {KernelFault::mask_fill_finite}),
      of_library("MaskedKeysScoreMinus10000", KernelFault::mask_fill_finite),
      of_first_version("NoMaximum", {.subtracts_maximum = false}),
      of_plain("NoMaximumInTiles", Fault::no_maximum, {}),
      of_library("TailOfATileScores0", KernelFault::tail_scores_zero),
  };
}

class FirstMistake : public testing::TestWithParam<std::tuple<Mistake, std::uint64_t>> {};

TEST_P(FirstMistake, IsFoundOnceAndHasItsNameOrNone) {
  const auto& [mistake, seed] = GetParam();
  CampaignOptions options;
  options.seed = seed;
  options.budget_seconds = 3600;
  const KernelReport report = run_campaign(*mistake.kernel(), options);
  EXPECT_EQ(report.verdict, Verdict::defective);
  EXPECT_GE(report.findings.size(), 1U);
  EXPECT_LE(report.findings.size(), 3U);
  for (const Finding& finding : report.findings) {
    if (finding.diagnosis.empty()) continue;
    const bool named =
        std::any_of(mistake.true_names.begin(), mistake.true_names.end(),
                    [&](KernelFault fault) { return faults::names(finding.diagnosis, fault); });
    EXPECT_TRUE(named) << faults::diagnosis_text(finding.diagnosis) << "\n" << describe(finding.problem);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FirstMistake,
                         testing::Combine(testing::ValuesIn(mistakes()), testing::Values(1U, 2U)),
                         [](const auto& instance) {
                           return std::get<0>(instance.param).title + "Seed" +
                                  std::to_string(std::get<1>(instance.param));
                         });

}  // namespace
}  // namespace attest::check
