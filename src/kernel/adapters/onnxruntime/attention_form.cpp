#include "kernel/adapters/onnxruntime/attention_form.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attest::kernel::onnxruntime {
namespace {

constexpr std::int64_t kLeftWindow = 2, kRightWindow = 1;
constexpr int kModeAfterSoftcap = 1, kModeSoftmax = 3;

using Forms = std::vector<AttentionForm>;

std::string_view element_name(Element element) {
  switch (element) {
    case Element::f16:
      return "float16";
    case Element::bf16:
      return "bfloat16";
    case Element::f64:
      return "float64";
    default:
      return "float32";
  }
}

std::string_view past_name(Past past) {
  switch (past) {
    case Past::as_many:
      return "past, as many new keys as rows";
    case Past::more:
      return "past, more new keys than rows";
    case Past::fewer:
      return "past, fewer new keys than rows";
    case Past::none:
      break;
  }
  return "no past";
}

std::string mask_name(const AttentionForm& f) {
  if (f.mask == MaskKind::none) return "no mask";
  const char* extents = f.mask_extents == MaskExtents::one_row      ? " and one row"
                        : f.mask_extents == MaskExtents::fewer_keys ? " and fewer keys"
                                                                    : "";
  return fmt::format("{} mask of rank {}{}", f.mask == MaskKind::boolean ? "bool" : "float", f.mask_rank,
                     extents);
}

// How much of a form's structure is there at all.
int parts(const AttentionForm& f) {
  return (f.flat ? 1 : 0) + (f.past != Past::none || f.lengths ? 1 : 0) + (f.mask != MaskKind::none ? 1 : 0) +
         (f.causal ? 1 : 0);
}

// The same forms, and for each of them, those that `change` makes of it.
template <class Change>
Forms with(Forms forms, const Change& change) {
  const std::size_t before = forms.size();
  for (std::size_t i = 0; i < before; ++i) change(AttentionForm(forms[i]), forms);
  return forms;
}

void add_masks(const AttentionForm& form, Forms& forms) {
  for (const MaskKind kind : {MaskKind::boolean, MaskKind::real}) {
    for (std::size_t rank = 1; rank <= 4; ++rank) {
      AttentionForm masked = form;
      masked.mask = kind;
      masked.mask_rank = rank;
      forms.push_back(masked);
    }
  }
}

void add_pasts(const AttentionForm& form, Forms& forms) {
  AttentionForm changed = form;
  for (const Past past : {Past::as_many, Past::more, Past::fewer}) {
    changed.past = past;
    forms.push_back(changed);
  }
  changed.past = Past::none;
  changed.lengths = true;  // "not to be used with a past", and of opset 24
  if (form.opset >= 24) forms.push_back(changed);
}

auto switched_on(bool AttentionForm::*member) {
  return [member](AttentionForm form, Forms& forms) {
    form.*member = true;
    forms.push_back(form);
  };
}

// Rank, past or lengths, mask and is_causal, in every combination.
Forms structures(std::int64_t opset) {
  AttentionForm plain;
  plain.opset = opset;
  plain.window = opset >= 25;
  Forms forms{plain};
  forms = with(forms, add_masks);
  forms = with(forms, add_pasts);
  forms = with(forms, switched_on(&AttentionForm::causal));
  return with(forms, switched_on(&AttentionForm::flat));
}

// Mode 1 is the score after the softcap, so it comes with one.
void add_score_outputs(const AttentionForm& form, Forms& forms) {
  for (int mode = 0; mode <= kModeSoftmax; ++mode) {
    AttentionForm changed = form;
    changed.scores = mode;
    changed.softcap = mode == kModeAfterSoftcap;
    forms.push_back(changed);
  }
}

void add_elements(const AttentionForm& form, Forms& forms) {
  for (const Element element : {Element::f16, Element::bf16, Element::f64}) {
    AttentionForm changed = form;
    changed.element = element;
    forms.push_back(changed);
  }
}

void add_precisions(const AttentionForm& form, Forms& forms) {
  for (const Element element : {Element::f32, Element::f16, Element::f64, Element::bf16}) {
    AttentionForm changed = form;
    changed.softmax_precision = static_cast<int>(element);
    forms.push_back(changed);
  }
}

void add_mask_extents(const AttentionForm& form, Forms& forms) {
  if (form.mask == MaskKind::none) return;
  for (const MaskExtents extents : {MaskExtents::one_row, MaskExtents::fewer_keys}) {
    if (extents == MaskExtents::one_row && form.mask_rank == 1) continue;
    AttentionForm changed = form;
    changed.mask_extents = extents;
    forms.push_back(changed);
  }
}

// Other extents of a mask, and the scale, the softcap or the softmax's precision alone.
void add_one_attribute(const AttentionForm& form, Forms& forms) {
  for (bool AttentionForm::*member : {&AttentionForm::scale, &AttentionForm::softcap}) {
    AttentionForm changed = form;
    changed.*member = true;
    forms.push_back(changed);
  }
  add_precisions(form, forms);
  add_mask_extents(form, forms);
}

// What acts between the score and the softmax, together: softcap, precision and the modes of the score
// output.
Forms around_the_softmax(const AttentionForm& form) {
  Forms forms = with({form}, [](AttentionForm made, Forms& all) {
    made.element = Element::f16;
    all.push_back(made);
  });
  forms = with(forms, switched_on(&AttentionForm::softcap));
  forms = with(forms, add_precisions);
  return with(forms, [](AttentionForm made, Forms& all) {
    for (const int mode : {0, 2, kModeSoftmax}) {
      if (mode != kModeSoftmax && made.softmax_precision != 0) continue;
      made.scores = mode;
      all.push_back(made);
    }
  });
}

Forms forms_of(std::int64_t opset) {
  constexpr int kFew = 2;
  Forms forms;
  const auto add = [&forms](const Forms& more) { forms.insert(forms.end(), more.begin(), more.end()); };
  for (const AttentionForm& structure : structures(opset)) {
    add({structure});
    if (parts(structure) <= kFew + 1) add(with({structure}, add_elements));
    // Windows are refused whatever else there is (docs/findings.md), so opset 25 has fewer forms.
    if (opset < 25) add(with({structure}, add_score_outputs));
    if (opset < 25 && parts(structure) <= kFew) add(with({structure}, add_one_attribute));
    if (structure.flat || structure.past != Past::none) continue;
    add(with(with({structure}, add_mask_extents), add_elements));
    if (!structure.lengths) add(around_the_softmax(structure));
  }
  return forms;
}

// How many attributes and inputs a form has.
int size_of_form(const AttentionForm& f) {
  return parts(f) + (f.element != Element::f32 ? 1 : 0) + (f.mask_extents != MaskExtents::full ? 1 : 0) +
         (f.scale ? 1 : 0) + (f.softcap ? 1 : 0) + (f.softmax_precision != 0 ? 1 : 0) + (f.scores ? 1 : 0);
}

}  // namespace

std::string name_of(const AttentionForm& f) {
  std::vector<std::string> words{fmt::format("opset {}", f.opset), f.flat ? "3D" : "4D",
                                 std::string(element_name(f.element)), std::string(past_name(f.past)),
                                 mask_name(f)};
  for (const auto& [given, word] :
       std::initializer_list<std::pair<bool, const char*>>{{f.lengths, "lengths"},
                                                           {f.causal, "is_causal"},
                                                           {f.window, "window"},
                                                           {f.scale, "scale"},
                                                           {f.softcap, "softcap"}}) {
    if (given) words.emplace_back(word);
  }
  if (f.softmax_precision != 0) words.push_back(fmt::format("softmax_precision={}", f.softmax_precision));
  if (f.scores.value_or(0) != 0) words.push_back(fmt::format("qk_matmul_output_mode={}", *f.scores));
  if (f.scores) words.emplace_back("score output");
  return fmt::format("{}", fmt::join(words, "; "));
}

Forms attention_forms(const std::vector<std::int64_t>& opsets) {
  Forms forms, all;
  for (const std::int64_t opset : opsets) {
    for (const AttentionForm& form : forms_of(opset)) all.push_back(form);
  }
  std::stable_sort(all.begin(), all.end(), [](const AttentionForm& a, const AttentionForm& b) {
    return std::pair(a.opset, size_of_form(a)) < std::pair(b.opset, size_of_form(b));
  });
  std::set<std::string> seen;
  for (AttentionForm& form : all) {
    if (seen.insert(name_of(form)).second) forms.push_back(form);
  }
  return forms;
}

std::int64_t past_length(const AttentionForm& form, std::int64_t q_len, std::int64_t kv_len) {
  switch (form.past) {
    case Past::as_many:
      return kv_len - q_len;
    case Past::more:
      return std::max<std::int64_t>(1, (kv_len - q_len) / 2);
    case Past::fewer:
      return kv_len - std::max<std::int64_t>(1, q_len / 2);
    case Past::none:
      break;
  }
  return 0;
}

bool OwnRule::sees(std::int64_t b, std::int64_t i, std::int64_t j) const {
  const auto batch = static_cast<std::size_t>(b);
  const std::int64_t at = first[batch] + i;
  return j < lens[batch] && (!causal || j <= at) && (left < 0 || at - j <= left) &&
         (right < 0 || j - at <= right);
}

OwnRule own_rule(const AttentionForm& form, std::int64_t q_len, std::int64_t kv_len,
                 std::vector<std::int64_t> lens) {
  OwnRule rule;
  rule.causal = form.causal;
  if (form.window) {
    rule.left = kLeftWindow;
    rule.right = form.causal ? -1 : kRightWindow;
  }
  for (const std::int64_t n : lens)
    rule.first.push_back(form.lengths ? n - q_len : past_length(form, q_len, kv_len));
  rule.lens = std::move(lens);
  return rule;
}

}  // namespace attest::kernel::onnxruntime
