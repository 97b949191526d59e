#include "check/promises/promises.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "check/outline/features.hpp"
#include "laws/inputs/key_visibility.hpp"
#include "oracle/definition/visible.hpp"

namespace attest::check {
namespace {

constexpr std::int64_t k2To31 = std::int64_t{1} << 31;

bool any_key(const Problem& p) { return p.batch() * p.q_len() * p.kv_len() > 0; }

template <class Test>
bool some_row(const Problem& p, Test test) {
  bool found = false;
  laws::for_each_row(p, [&](auto b, auto h, auto i) { found = found || test(b, h, i); });
  return found;
}

template <class Test>
bool some_batch(const Problem& p, Test test) {
  for (std::int64_t b = 0; b < p.batch(); ++b) {
    if (test(b)) return true;
  }
  return false;
}

bool sees_a_key(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) { return !oracle::visible_keys(p, b, h, i).empty(); });
}

// Whether some row would see another key, were the problem as `changed`.
template <class Change>
bool hides(const Problem& p, Change change) {
  if (!any_key(p)) return false;
  Problem changed = p;
  change(changed);
  return some_row(p, [&](auto b, auto h, auto i) {
    return oracle::visible_keys(p, b, h, i) != oracle::visible_keys(changed, b, h, i);
  });
}

bool holds(const std::optional<Tensor>& t, bool (*test)(double)) {
  if (!t) return false;
  const std::vector<double> values = t->values();
  return std::any_of(values.begin(), values.end(), test);
}

bool differs(const std::optional<Tensor>& t) {
  if (!t) return false;
  const std::vector<double> values = t->values();
  return std::any_of(values.begin(), values.end(), [&](double x) { return x != values.front(); });
}

bool has(const Problem& p, Feature feature) { return features_of(p).has(feature); }

// Bias or mask with its own slice for each index of an axis, or with one for all of several.
bool own(const Problem& p, std::size_t axis) {
  return (p.bias && p.bias->dim(axis) > 1) || (p.mask && p.mask->dim(axis) > 1);
}
bool shared(const Problem& p, std::size_t axis, std::int64_t extent) {
  return extent > 1 && ((p.bias && p.bias->dim(axis) == 1) || (p.mask && p.mask->dim(axis) == 1));
}

bool windowed(const Problem& p) { return p.window_left != -1 || p.window_right != -1; }
bool positions_matter(const Problem& p) { return windowed(p) || p.alibi_slopes || p.causal != Causal::none; }

bool all_masked(const Problem& p) {
  return p.mask && some_row(p, [&](auto b, auto h, auto i) {
           return oracle::visible_keys(p, b, h, i).empty() && oracle::key_range(p, b, i).end > 0;
         });
}

bool some_empty_row(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) { return oracle::visible_keys(p, b, h, i).empty(); });
}

// A tile of 8 keys that a row sees nothing of, though it sees a later key.
bool has_empty_tile(const Problem& p) {
  return some_row(p, [&](auto b, auto h, auto i) {
    std::int64_t next = 0;  // the first tile not seen yet
    for (const std::int64_t j : oracle::visible_keys(p, b, h, i)) {
      if (j / 8 > next) return true;
      next = j / 8 + 1;
    }
    return false;
  });
}

bool finite_sink(const Problem& p) {
  return holds(p.sink, [](double x) { return x != -HUGE_VAL; });
}

bool not_packed(const Tensor& t) {
  const auto packed = row_major_strides(t.shape());
  for (std::size_t axis = 0; axis < t.rank(); ++axis) {
    if (t.dim(axis) > 1 && t.memory_strides()[axis] != packed[axis]) return t.count() > 0;
  }
  return false;
}
bool not_packed(const std::optional<Tensor>& t) { return t && not_packed(*t); }

bool stride_0(const Tensor& t) {
  for (std::size_t axis = 0; axis < t.rank(); ++axis) {
    if (t.dim(axis) > 1 && t.strides()[axis] == 0) return t.count() > 0;
  }
  return false;
}

// A gap between two rows that some element lies behind.
bool padded(const Tensor& t) {
  return t.count() > 0 && storage_elements(t.shape(), t.memory_strides()) > t.count();
}

bool is_dtype(const Problem& p, DType q) { return p.q.dtype() == q && any_key(p); }

// For laws that a case of no such problem cannot be put to.
bool applies(const CasePlan& plan, laws::LawId id) {
  const laws::Law& law = laws::law_of(id);
  const auto is_it = [&](const laws::Law* l) { return l == &law; };
  const bool asked = std::any_of(plan.laws.begin(), plan.laws.end(), is_it) ||
                     std::any_of(plan.prepared.begin(), plan.prepared.end(),
                                 [&](const PreparedLaw& prepared) { return is_it(prepared.law); });
  const auto contract = oracle::contract_for("", plan.problem.q.dtype(), plan.problem.k.dtype());
  return asked && law.why_not(plan.problem, contract).empty();
}
bool meets_nan(const CasePlan& plan) { return applies(plan, laws::LawId::nan_propagates); }

// The problem's part of a predicate: the parameter is `p`.
#define CASE(condition)                               \
  +[](const CasePlan& plan) -> bool {                 \
    [[maybe_unused]] const Problem& p = plan.problem; \
    return condition;                                 \
  }

std::vector<Promise> visibility() {
  constexpr std::string_view kLengths = "With n = kv_lens[b] where given, else kv_len";
  constexpr std::string_view kTopLeft = "pos(i) = i under TOP_LEFT";
  constexpr std::string_view kOtherwise = "otherwise i + n - q_len";
  constexpr std::string_view kWindow =
      "pos(i) - window_left <= j <= pos(i) + window_right, each limit that is not -1";
  constexpr std::string_view kMask = "mask is 1 there";
  return {
      {"n is kv_lens[b]", kLengths, CASE(hides(p, [](Problem& c) { c.kv_lens.reset(); })),
       "plain:kv_lens_ignored"},
      {"n is kv_len", kLengths, CASE(!p.kv_lens && sees_a_key(p)), "plain:last_key_dropped"},
      {"positions under TOP_LEFT", kTopLeft,
       CASE(p.causal == Causal::top_left && any_key(p) &&
            some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:top_left_from_the_end"},
      {"positions under BOTTOM_RIGHT", kOtherwise,
       CASE(p.causal == Causal::bottom_right && any_key(p) &&
            some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:bottom_right_from_the_start"},
      {"positions count from kv_lens", kOtherwise,
       CASE(p.kv_lens && p.causal != Causal::top_left && positions_matter(p) && any_key(p) &&
            some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.kv_len(); })),
       "plain:position_by_kv_len"},
      {"positions without causality", kOtherwise,
       CASE(p.causal == Causal::none && (windowed(p) || p.alibi_slopes) && any_key(p) &&
            some_batch(p, [&](auto b) { return oracle::keys_of(p, b) != p.q_len(); })),
       "plain:uncausal_from_the_start"},
      {"rows before the first key", kOtherwise,
       CASE(p.causal == Causal::bottom_right && any_key(p) &&
            some_batch(p, [&](auto b) { return oracle::position_of(p, b, 0) < 0; })),
       "plain:unsigned_position"},
      {"keys past n", "key j is visible to row i when all of these hold: j < n",
       CASE(p.kv_lens && applies(plan, laws::LawId::poison)), "library:tail_values_read"},
      {"causality under TOP_LEFT", "causal (either kind): j <= pos(i)",
       CASE(p.causal == Causal::top_left && hides(p, [](Problem& c) { c.causal = Causal::none; })),
       "plain:top_left_key_too_far"},
      {"causality under BOTTOM_RIGHT", "causal (either kind): j <= pos(i)",
       CASE(p.causal == Causal::bottom_right && hides(p, [](Problem& c) { c.causal = Causal::none; })),
       "library:causal_key_ahead"},
      {"window to the left", kWindow, CASE(hides(p, [](Problem& c) { c.window_left = -1; })),
       "plain:window_left_ignored"},
      {"window to the right", kWindow, CASE(hides(p, [](Problem& c) { c.window_right = -1; })),
       "plain:window_right_ignored"},
      {"a limit of 0 to the left", kWindow,
       CASE(p.window_left == 0 && hides(p, [](Problem& c) { c.window_left = -1; })),
       "plain:window_0_is_none"},
      {"both limits, 0 to the left", kWindow,
       CASE(p.window_left == 0 && hides(p, [](Problem& c) { c.window_right = -1; })),
       "plain:window_right_ignored_at_left_0"},
      {"a limit to the left alone", kWindow, CASE(p.window_left != -1 && p.window_right == -1 && any_key(p)),
       "plain:lone_window_both"},
      {"limits past 2^31", kWindow, CASE(std::max(p.window_left, p.window_right) >= k2To31 && any_key(p)),
       "plain:window_32_bits"},
      {"the largest limit", kWindow,
       CASE(p.window_right == std::numeric_limits<std::int64_t>::max() && any_key(p)), "plain:window_wraps"},
      {"mask", kMask, CASE(hides(p, [](Problem& c) { c.mask.reset(); })), "plain:mask_ignored"},
      {"a row that is all masked", kMask, CASE(all_masked(p)), "library:nan_masked_tile"},
      {"tiles without a visible key before others", kMask, CASE(has_empty_tile(p)),
       "plain:stops_at_empty_tile"},
      {"bias of -inf", "bias is not -inf there",
       CASE(hides(p,
                  [](Problem& c) {
                    if (c.bias) c.bias.reset();
                  })),
       "plain:bias_clamped"},
  };
}

constexpr std::string_view kHeads =
    "Query head h reads key/value head h / (q_heads / kv_heads); kv_heads divides q_heads.";

std::vector<Promise> scores() {
  constexpr std::string_view kScore = "A score is softcap(scale * q.k) + bias - slope * |pos(i) - j|.";
  constexpr std::string_view kMean = "The output is the softmax-weighted mean of the visible values";
  return {
      {"groups of query heads", kHeads, CASE(p.kv_heads() > 1 && p.q_heads() > p.kv_heads() && any_key(p)),
       "plain:head_map"},
      {"one key/value head", kHeads, CASE(p.kv_heads() == 1 && p.q_heads() > 1 && any_key(p)),
       "library:head_by_kv_heads"},
      {"scale", kScore, CASE(p.scale != 1 && sees_a_key(p)), "library:scale_missing"},
      {"a negative scale", kScore, CASE(p.scale < 0 && sees_a_key(p)), "plain:scale_absolute"},
      {"a scale of 0", kScore, CASE(p.scale == 0 && sees_a_key(p)), "plain:zero_scale_is_default"},
      {"softcap", kScore, CASE(p.softcap != 0 && sees_a_key(p)), "plain:softcap_ignored"},
      {"softcap before bias", kScore,
       CASE(p.softcap != 0 && holds(p.bias, [](double x) { return x != 0 && std::isfinite(x); }) &&
            any_key(p)),
       "plain:softcap_after_bias"},
      {"scale before softcap", "multiplies q.k, before softcap",
       CASE(p.softcap != 0 && p.scale != 1 && sees_a_key(p)), "plain:scale_after_softcap"},
      {"bias", kScore, CASE(holds(p.bias, [](double x) { return x != 0 && std::isfinite(x); }) && any_key(p)),
       "plain:bias_ignored"},
      {"ALiBi", kScore, CASE(p.alibi_slopes && sees_a_key(p)), "plain:slope_added"},
      {"a negative slope", kScore, CASE(holds(p.alibi_slopes, [](double x) { return x < 0; }) && any_key(p)),
       "plain:slope_absolute"},
      {"distances to keys ahead", kScore,
       CASE(p.alibi_slopes && some_row(p,
                                       [&](auto b, auto h, auto i) {
                                         const auto keys = oracle::visible_keys(p, b, h, i);
                                         return !keys.empty() && keys.back() > oracle::position_of(p, b, i);
                                       })),
       "plain:distance_signed"},
      {"distances from positions", kScore,
       CASE(p.alibi_slopes && some_batch(p, [&](auto b) { return oracle::position_of(p, b, 0) != 0; }) &&
            any_key(p)),
       "plain:distance_from_row"},
      {"weights", kMean, CASE(sees_a_key(p)), "library:values_mean"},
      {"a maximum that changes", kMean, CASE(sees_a_key(p) && p.kv_len() > 8), "plain:rescale_missing"},
      {"maxima of neighbouring rows apart", kMean,
       CASE(plan.family == index_of(FamilyId::rows_apart) && p.q_len() > 1), "plain:reference_of_pair"},
      {"huge scores", kMean, CASE(plan.family == index_of(FamilyId::huge_scores) && any_key(p)),
       "plain:maximum_folded"},
      {"sink", "a sink's weight counts in the denominator only.",
       CASE(finite_sink(p) && p.batch() * p.q_len() > 0), "plain:sink_ignored"},
      {"the sink in the lse", "lse includes the sink.", CASE(finite_sink(p) && p.want_lse),
       "plain:lse_without_sink"},
      {"empty rows",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       CASE(some_empty_row(p)), "plain:nan_on_empty"},
      {"the lse of empty rows",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       CASE(p.want_lse && some_empty_row(p)), "plain:lse_0_on_empty"},
      {"the lse of empty rows with a sink",
       "A row with no visible key gives output 0 and lse = -inf, or the sink where there is one.",
       CASE(p.want_lse && finite_sink(p) && some_empty_row(p)), "plain:sink_lost_on_empty"},
      {"NaN in a value",
       "NaN in a visible value that has more than half of a row's weight gives NaN in that channel of the "
       "row",
       CASE(meets_nan(plan)), "plain:nan_values_skipped"},
      {"NaN in a key", "NaN in such a key of a row with two scores or more gives NaN in all its channels.",
       CASE(meets_nan(plan) && p.kv_len() > 1 && p.scale != 0), "plain:nan_scores_skipped"},
      {"NaN in tiles", "NaN in such a key of a row with two scores or more gives NaN in all its channels.",
       CASE(meets_nan(plan) && p.kv_len() > 1 && p.scale != 0 && p.q_len() > 63), "plain:nan_lost_in_tiles"},
      {"NaN elsewhere",
       "No row of another batch or key/value head is affected, nor, by NaN in a query, any other row.",
       CASE(meets_nan(plan) && p.batch() * p.q_heads() * p.q_len() > 1), "plain:nan_spreads"},
  };
}

std::vector<Promise> tensors() {
  constexpr std::string_view kTypes = "Data types f64, f32, f16 and bf16 (kDLBfloat) on kDLCPU";
  constexpr std::string_view kStrides =
      "Strides are never NULL, count elements, and may be anything for inputs (0 included)";
  constexpr std::string_view kOutputs = "out and lse may have any strides that do not overlap.";
  constexpr std::string_view kNothing = "batch, q_len and kv_len may be 0 (data may then be NULL).";
  constexpr std::string_view kManners =
      "The kernel must not write to its inputs, nor outside out and lse, nor rely on what they held before "
      "the "
      "call.";
  return {
      {"f64", kTypes, CASE(is_dtype(p, DType::f64)), "library:score_rounded_f16"},
      {"f32", kTypes, CASE(is_dtype(p, DType::f32)), "plain:off_in_f32"},
      {"f16", kTypes, CASE(is_dtype(p, DType::f16)), "plain:off_in_f16"},
      {"bf16", kTypes, CASE(is_dtype(p, DType::bf16)), "plain:off_in_bf16"},
      {"k and v in another type", "q and out share one, k and v share one.",
       CASE(p.q.dtype() != p.k.dtype() && size_of(p.q.dtype()) == size_of(p.k.dtype()) && any_key(p)),
       "plain:kv_as_type_of_q"},
      {"strides of q", kStrides, CASE(not_packed(p.q)), "plain:q_strides_ignored"},
      {"strides of k", kStrides, CASE(not_packed(p.k)), "plain:k_strides_ignored"},
      {"strides of v", kStrides, CASE(not_packed(p.v)), "plain:v_strides_ignored"},
      {"strides of 0", kStrides, CASE(stride_0(p.q) || stride_0(p.k) || stride_0(p.v)),
       "plain:stride_0_is_1"},
      {"gaps in inputs", kStrides, CASE(padded(p.k)), "library:key_strides_ignored"},
      {"strides of bias and mask", kStrides, CASE(not_packed(p.bias) || not_packed(p.mask)),
       "plain:bias_strides_ignored"},
      {"strides of slopes, sink and kv_lens", kStrides, CASE(has(p, Feature::strided_vectors)),
       "plain:vector_strides_ignored"},
      {"inputs at one address", kStrides, CASE(has(p, Feature::shared_address)), "plain:shared_inputs"},
      {"offsets past 2^31", kStrides, CASE(has(p, Feature::far_offsets)), "plain:far_offsets_wrap"},
      {"strides of out", kOutputs, CASE(has(p, Feature::strided_out)), "plain:out_strides_ignored"},
      {"strides of lse", kOutputs, CASE(has(p, Feature::strided_out) && p.want_lse),
       "plain:lse_strides_ignored"},
      {"alignment", "Only element alignment is promised.",
       CASE(plan.placement != kernel::Placement::page_begin), "plain:fails_unaligned"},
      {"no batch", kNothing, CASE(p.batch() == 0), "plain:fails_without_batch"},
      {"no rows", kNothing, CASE(p.q_len() == 0), "plain:fails_without_rows"},
      {"no keys", kNothing, CASE(p.kv_len() == 0), "plain:fails_without_keys"},
      {"inputs are read only", kManners, CASE(any_key(p)), "hostile:mutates"},
      {"nothing is written elsewhere", kManners, CASE(plan.placement != kernel::Placement::misaligned),
       "hostile:overruns"},
      {"outputs are written only", kManners, CASE(applies(plan, laws::LawId::repeat)), "plain:reads_output"},
      {"earlier calls", kManners, CASE(applies(plan, laws::LawId::history)), "plain:keeps_state"},
      {"lengths of earlier calls", kManners, CASE(applies(plan, laws::LawId::history)),
       "plain:lengths_of_first_call"},
      {"scalars of earlier calls", kManners, CASE(applies(plan, laws::LawId::history)),
       "plain:scalars_of_first_call"},
  };
}

std::vector<Promise> fields() {
  constexpr std::string_view kQ = "[batch, q_heads, q_len, qk_dim]";
  constexpr std::string_view kK = "[batch, kv_heads, kv_len, qk_dim]";
  constexpr std::string_view kV = "[batch, kv_heads, kv_len, v_dim]";
  constexpr std::string_view kOut = "[batch, q_heads, q_len, v_dim]";
  constexpr std::string_view kLse =
      "[batch, q_heads, q_len] f32 (f64 when q is f64), natural log; NULL: not wanted";
  constexpr std::string_view kBias =
      "f32, added to the score, [batch|1, q_heads|1, q_len|1, kv_len]; finite or -inf (masks); NULL: none";
  constexpr std::string_view kMask =
      "u8, same shape rule, values 0 and 1 only, 1 = visible; NULL: all visible";
  constexpr std::string_view kSink =
      "f32 [q_heads]: one more score in the denominator, with no value; finite or -inf (none); NULL: none";
  constexpr std::string_view kLengths = "i32 [batch]: keys at and past kv_lens[b] are padding; NULL: none";
  constexpr std::string_view kSoftcap = "s <- softcap * tanh(s / softcap) before bias and mask; 0: none";
  return {
      {"several batches", kQ, CASE(p.batch() > 1 && any_key(p)), "plain:batch_0"},
      {"batches above 4", kQ, CASE(p.batch() > 4 && any_key(p)), "plain:four_batches"},
      {"heads above 32", kQ, CASE(p.q_heads() > 32 && p.kv_heads() > 1 && any_key(p)),
       "plain:thirty_two_heads"},
      {"groups above 16", kHeads,
       CASE(p.q_heads() / p.kv_heads() > 16 && p.q_heads() / p.kv_heads() % 16 != 0 && p.kv_heads() > 1 &&
            any_key(p)),
       "plain:group_in_tiles_of_16"},
      {"rows above 1024", kQ, CASE(p.q_len() > 1024 && any_key(p)), "plain:rows_past_1024"},
      {"head dims above 128", kK, CASE(p.qk_dim() > 128 && any_key(p)), "plain:dims_past_128"},
      {"qk_dim other than v_dim", kV, CASE(p.qk_dim() != p.v_dim() && any_key(p)),
       "library:key_offset_16_bits"},
      {"every row and channel", kOut, CASE(p.q_len() > 1 && p.v_dim() > 1 && any_key(p)),
       "library:rows_transposed"},
      {"the lse's base", kLse, CASE(p.want_lse && (sees_a_key(p) || finite_sink(p))), "plain:lse_base2"},
      {"the lse of f64", kLse, CASE(p.want_lse && is_dtype(p, DType::f64)), "library:lse_base2_merged"},
      {"no lse", kLse, CASE(!p.want_lse), "plain:fails_without_lse"},
      {"keys to the left", "keys further than this to the left are masked; -1: no limit",
       CASE(hides(p, [](Problem& c) { c.window_left = -1; })), "library:window_oldest_token"},
      {"keys to the right", "likewise to the right", CASE(hides(p, [](Problem& c) { c.window_right = -1; })),
       "plain:window_right_ignored"},
      {"softcap before masks", kSoftcap,
       CASE(p.softcap != 0 && some_row(p,
                                       [&](auto b, auto h, auto i) {
                                         const auto n = static_cast<std::int64_t>(
                                             oracle::visible_keys(p, b, h, i).size());
                                         return n > 0 && n < p.kv_len();
                                       })),
       "library:softcap_after_mask"},
      {"a bias for each batch", kBias, CASE(own(p, 0)), "plain:bias_one_batch"},
      {"a bias for each head", kBias, CASE(own(p, 1)), "plain:bias_one_head"},
      {"a bias for each row", kBias, CASE(own(p, 2)), "plain:bias_one_row"},
      {"a bias for all batches", kBias, CASE(shared(p, 0, p.batch())), "library:mask_head_broadcast"},
      {"a bias for all heads", kBias, CASE(shared(p, 1, p.q_heads())), "library:mask_head_broadcast"},
      {"a bias for all rows", kBias, CASE(shared(p, 2, p.q_len())), "library:mask_row_stride"},
      {"finite biases that hide", kBias,
       CASE(holds(p.bias, [](double x) { return x <= -1e9 && std::isfinite(x); })), "plain:exp_wraps"},
      {"tiles that finite biases hide", kBias,
       CASE(holds(p.bias, [](double x) { return x <= -1e4 && std::isfinite(x); })),
       "plain:stops_at_low_tile"},
      {"masked keys", kMask, CASE(holds(p.mask, [](double x) { return x == 0; })),
       "library:mask_fill_finite"},
      {"slopes for each head", "f32 [q_heads]: adds -slope * |pos(i) - j|; NULL: none",
       CASE(differs(p.alibi_slopes)), "plain:slope_of_head_0"},
      {"a sink for each head", kSink, CASE(differs(p.sink)), "plain:sink_of_head_0"},
      {"a sink of -inf", kSink, CASE(holds(p.sink, [](double x) { return x == -HUGE_VAL; })),
       "plain:sink_minus_infinity_is_0"},
      {"lengths for each batch", kLengths, CASE(differs(p.kv_lens)), "plain:kv_lens_of_batch_0"},
      {"a length of 0", kLengths,
       CASE(p.kv_lens && some_batch(p, [&](auto b) { return oracle::keys_of(p, b) == 0; })),
       "plain:fails_at_length_0"},
  };
}

#undef CASE

}  // namespace

const std::vector<Promise>& promises() {
  static const std::vector<Promise> list = [] {
    std::vector<Promise> all;
    for (const auto& part : {visibility(), scores(), tensors(), fields()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return list;
}

const std::vector<Constant>& constants_of_the_header() {
  static const std::vector<Constant> list{
      {"The attest kernel ABI, version 1.", "a title"},
      {"A kernel author includes this header, exports attest_kernel_forward from a shared library, and runs "
       "`attest check ./libmine.so`.",
       "what the author does"},
      {"C99; DLPack (Debian: libdlpack-dev) is the only dependency.", "how it is compiled"},
      {"SPDX-License-Identifier: Apache-2.0", "the licence"},
      {"ATTEST_KERNEL_H", "the include guard"},
      {"any other status: the kernel failed", "what the kernel returns"},
      {"One forward problem.", "a title"},
      {"The fields keep this order; a change of layout is a new ABI version.", "how the ABI is versioned"},
      {"byte_offset is 0.", "the same for every problem"},
      {"sizeof(attest_forward) of the caller", "the same for every problem"},
      {"ATTEST_KERNEL_ABI", "the same for every problem"},
      {"one of ATTEST_CAUSAL_*", "what each means is promised above"},
      {"0", "reserved: the same for every problem"},
      {"Required.", "what the kernel exports"},
      {"Returns ATTEST_OK, ATTEST_UNSUPPORTED (never a defect, but counted), or any other value: failure.",
       "what the kernel returns"},
      {"Optional exports.", "what the kernel exports"},
      {"\"preset;field=value;...\", see `attest list contracts`", "what the kernel returns"},
      {"bytes that tensor data must be aligned to", "what the kernel asks for"},
  };
  return list;
}

}  // namespace attest::check
