#include "oracle/contract/fields.hpp"

#include <tuple>

#include "oracle/contract/field_kinds.hpp"

namespace attest::oracle {
namespace {

// The member of a contract at the end of a path of members.
template <auto... Path>
struct Member {
  template <class C>
  auto& operator()(C& contract) const {
    return (contract.*....*Path);
  }
};

// `access` gives a reference to the member of a contract, or a tuple of references.
template <class T, class Access>
Field field(std::string_view name, const FieldKind<T>& kind, std::string_view meaning, Access access) {
  return {name, kind.values, meaning,
          [kind, access](Contract& c, std::string_view value) { access(c) = kind.parse(value); },
          [kind, access](const Contract& c) { return kind.print(access(c)); }};
}

// A switch with names for off and on.
FieldKind<bool> off_or_on(std::string_view off, std::string_view on) {
  return one_of<bool>({{off, false}, {on, true}});
}

using Fields = std::vector<Field>;

Fields sums() {
  return {
      field("accumulate_score", format_kind(), "format of the dot product q.k",
            Member<&Contract::score, &Sum::format>{}),
      field("accumulate_score.order", order_kind(), "order of its additions",
            [](auto& c) { return std::tie(c.score.order, c.score.width); }),
      field("accumulate_score.rounding", rounding_kind(), "rounding of its operations",
            Member<&Contract::score, &Sum::rounding>{}),
      field("accumulate_numerator", format_kind(), "format of the numerator o",
            Member<&Contract::numerator, &Sum::format>{}),
      field("accumulate_numerator.order", order_kind(), "order of its additions",
            [](auto& c) { return std::tie(c.numerator.order, c.numerator.width); }),
      field("accumulate_numerator.rounding", rounding_kind(), "rounding of its operations",
            Member<&Contract::numerator, &Sum::rounding>{}),
      field("accumulate_denominator", format_kind(), "format of the denominator l",
            Member<&Contract::denominator, &Sum::format>{}),
      field("accumulate_denominator.order", order_kind(), "order of its additions",
            [](auto& c) { return std::tie(c.denominator.order, c.denominator.width); }),
      field("accumulate_denominator.rounding", rounding_kind(), "rounding of its operations",
            Member<&Contract::denominator, &Sum::rounding>{}),
      field("key_block", count_kind(), "keys per tile; the maximum changes at most once per tile",
            Member<&Contract::key_block>{}),
  };
}

Fields scores() {
  return {
      field("score.product", optional_format_kind(), "narrower format in which q.k is stored before scaling",
            Member<&Contract::store_product, &Cast::format>{}),
      field("score.scaled", optional_format_kind(),
            "narrower format in which the score is stored after scale and softcap",
            Member<&Contract::store_scaled, &Cast::format>{}),
      field("score.biased", optional_format_kind(),
            "narrower format in which the score is stored after bias, ALiBi or mask",
            Member<&Contract::store_biased, &Cast::format>{}),
      field("q_conversion", query_conversion_kind(),
            "format to which q is converted before the product, before or after scaling",
            [](auto& c) { return std::tie(c.q_conversion.format, c.q_blocks); }),
      field("k_conversion", operand_format_kind(), "format to which k is converted before the product",
            Member<&Contract::k_conversion, &Cast::format>{}),
      field("v_conversion", operand_format_kind(), "format to which v is converted before P*V",
            Member<&Contract::v_conversion, &Cast::format>{}),
      field("kv_storage", storage_kind(),
            "storage of k and v, or of k/v; generated problems contain only values that it holds exactly",
            Member<&Contract::kv_storage>{}),
      field("kv_lens", off_or_on("skip", "mask"),
            "mask: keys at and past kv_lens are masked but may be read, so NaN there may reach the output",
            Member<&Contract::kv_lens_by_mask>{}),
      field("score_scale", off_or_on("once", "sqrt-both"),
            "sqrt-both: q and k are each multiplied by sqrt(scale)", Member<&Contract::scale_both>{}),
      field("score.bias", off_or_on("added", "first"),
            "first: the bias is the first term of the dot product, where there is no softcap",
            Member<&Contract::bias_first>{}),
      field("score.alibi", off_or_on("distance", "position"),
            "position: slope * j is added where no key lies after its query, and taken off the lse",
            Member<&Contract::alibi_by_position>{}),
  };
}

Fields weights() {
  return {
      field("score_shift", off_or_on("plain", "folded"),
            "folded: scale * log2(e) is one rounded constant and exponentials are base 2",
            Member<&Contract::folded_log2e>{}),
      field("score_shift.rounded", bool_kind(),
            "tile shifts and rescales are rounded differently (FlashAttention-2)",
            Member<&Contract::rounded_shift>{}),
      field("shift_above", shift_above_kind(),
            "the shift may lie this far above the maximum (nats), or be |q| max|k| |scale| + max|bias|",
            [](auto& c) { return std::tie(c.shift_above, c.shift_by_norms); }),
      field("sink_in_max", bool_kind(), "the shift covers the sink's score; if not, the sink is added last",
            Member<&Contract::sink_in_max>{}),
      field("exp_rel", number_kind(), "relative error of one exponential",
            Member<&Contract::exp, &FunctionError::relative>{}),
      field("exp_abs", number_kind(),
            "absolute error of one exponential, in addition to the smallest normal number",
            Member<&Contract::exp, &FunctionError::absolute>{}),
      field("tanh_rel", number_kind(), "relative error of softcap's tanh",
            Member<&Contract::tanh, &FunctionError::relative>{}),
      field("tanh_abs", number_kind(), "absolute error of softcap's tanh",
            Member<&Contract::tanh, &FunctionError::absolute>{}),
      field("log_rel", number_kind(), "relative error of the logarithm of lse",
            Member<&Contract::log, &FunctionError::relative>{}),
      field("log_abs", number_kind(), "absolute error of the logarithm of lse",
            Member<&Contract::log, &FunctionError::absolute>{}),
      field("probability", operand_format_kind(), "format to which P is rounded before P*V",
            Member<&Contract::probability, &Cast::format>{}),
      field("probability.rounding", cast_rounding_kind(),
            "rounding of that cast; stochastic: no law compares bits of calls",
            [](auto& c) { return std::tie(c.probability.rounding, c.probability.stochastic); }),
      field("probability.scale", power_of_two_kind(), "P is multiplied by this before that cast",
            Member<&Contract::probability_scale>{}),
      field("denominator_sums", off_or_on("unrounded", "rounded"),
            "whether the denominator sums P before or after its cast",
            Member<&Contract::denominator_sums_rounded>{}),
      field("unfused", bool_kind(), "P is normalised before its cast; no division at the end",
            Member<&Contract::unfused>{}),
      field("tau", number_kind(),
            "lazy rescale: the shift may lie this far below the maximum (nats), compared after rounding",
            Member<&Contract::tau>{}),
  };
}

Fields results() {
  return {
      field("merge", one_of<Merge>({{"state", Merge::state}, {"lse", Merge::lse}, {"chain", Merge::chain}}),
            "how split results are merged: (m, l, o); (lse, o) at once; (lse, o) one after the other",
            Member<&Contract::merge>{}),
      field("splits", count_kind(), "number of splits merged at the end", Member<&Contract::splits>{}),
      field("partial", optional_format_kind(), "format in which split results are stored",
            Member<&Contract::partial, &Cast::format>{}),
      field("division", off_or_on("divide", "reciprocal"), "o / l, or o * (1 / l)",
            Member<&Contract::reciprocal>{}),
      field("reciprocal_rel", number_kind(), "relative error of 1 / l in addition to its rounding",
            Member<&Contract::reciprocal_rel>{}),
      field("numerator_sums", off_or_on("plain", "centred"),
            "centred: a mean of a row's values is subtracted from each and added at the end; not with a sink",
            Member<&Contract::centred_values>{}),
      field("output", optional_format_kind(),
            "format to which the output is rounded before it becomes out's dtype",
            Member<&Contract::output, &Cast::format>{}),
      field("output.rounding", rounding_kind(), "rounding of that cast",
            Member<&Contract::output, &Cast::rounding>{}),
      field("underflow",
            one_of<Underflow>({{"gradual", Underflow::gradual},
                               {"flush-outputs", Underflow::flush_outputs},
                               {"flush-inputs", Underflow::flush_inputs}}),
            "what happens to subnormal numbers, of sums and of the types of q, k and v",
            Member<&Contract::underflow>{}),
      field("repeatable", bool_kind(),
            "false: the same call may give other bits (atomics), and no law compares bits of calls",
            Member<&Contract::repeatable>{}),
  };
}

}  // namespace

const std::vector<Field>& fields() {
  static const Fields table = [] {
    Fields all;
    for (const Fields& part : {sums(), scores(), weights(), results()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

}  // namespace attest::oracle
