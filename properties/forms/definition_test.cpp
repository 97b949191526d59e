// The recurrence is the definition, in every form and every kind of number.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "everywhere.hpp"
#include "forms/forms/form_list.hpp"
#include "planted_worlds.hpp"

namespace attest::properties {
namespace {

RC_GTEST_PROP(Definition, HoldsInEveryFormAndSemantics, ()) {
  holds_everywhere("definition", *forms::any_row());
}
RC_GTEST_PROP(Lse, HoldsInEveryFormAndSemantics, ()) { holds_everywhere("lse", *forms::any_row()); }
RC_GTEST_PROP(NothingVisible, GivesZeroInEveryFormAndSemantics, ()) {
  holds_everywhere("nothing visible", *forms::any_row());
}

// The dense forms compute in Eigen, where no fault of a semantics reaches; dense_test.cpp has theirs.
std::vector<forms::FormEntry> forms_over_a_semantics() {
  std::vector<forms::FormEntry> forms;
  for (const forms::FormEntry& form : forms::form_entries()) {
    if (form.needs != forms::FormNeeds::matrices) forms.push_back(form);
  }
  return forms;
}

// Fast forms differ in where they rescale and divide; none hides one of these.
TEST(Definition, CatchesFaultsOfArithmeticInEveryForm) {
  for (const semantics::ArithmeticFault fault :
       {semantics::ArithmeticFault::nothing_rescaled, semantics::ArithmeticFault::denominator_not_rescaled,
        semantics::ArithmeticFault::numerator_not_rescaled, semantics::ArithmeticFault::value_not_counted,
        semantics::ArithmeticFault::not_divided}) {
    const auto exact = rational_world_with(fault);
    const auto rounded = f32_world_with(fault);
    for (const forms::FormEntry& form : forms_over_a_semantics()) {
      SCOPED_TRACE(name_of(fault));
      expect_caught(*exact, "definition", form.name, 2);
      expect_caught(*rounded, "definition", form.name, 2);
    }
  }
}

// In exact numbers any shift will do; in floats the exponential of a wrong one overflows.
TEST(Definition, CatchesAWrongMaxInEveryFormInFloats) {
  for (const semantics::ArithmeticFault fault :
       {semantics::ArithmeticFault::max_keeps_first, semantics::ArithmeticFault::max_is_min,
        semantics::ArithmeticFault::difference_reversed}) {
    const auto rounded = f32_world_with(fault);
    for (const forms::FormEntry& form : forms_over_a_semantics()) {
      SCOPED_TRACE(name_of(fault));
      expect_caught(*rounded, "definition", form.name, 2);
    }
  }
}

TEST(Definition, DoesNotNeedTheMaxInExactNumbers) {
  const auto exact = rational_world_with(semantics::ArithmeticFault::max_keeps_first);
  for (const std::string_view form : {"sequential", "tiled", "split-K", "online", "lazy rescale"}) {
    for (const forms::FormEntry& entry : forms::form_entries()) {
      if (entry.name != form) continue;
      EXPECT_FALSE(forms::run_law(*forms::find_form_law("definition"), entry, *exact, 7, 100).violation)
          << form;
    }
  }
}

TEST(Definition, CatchesAMissingGuard) {
  for (const std::string_view form : {"guarded online", "guarded split"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::unguarded), "definition", form, 1);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::unguarded), "definition", form, 1);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::masked_like_score_zero), "definition", form, 1);
  }
}

TEST(Definition, CatchesARescaleThatIsLeftOutOnce) {
  expect_caught(*modular_world_without_a_rescale(), "definition", "sequential", 2);
  expect_caught(*dual_world_without_a_rescale(), "definition", "sequential", 2);
}

// Formats of 8 and 11 bits have wide bounds, yet not so wide.
TEST(Definition, CatchesARescaleOfOneSumInEveryFormat) {
  for (const semantics::ArithmeticFault fault : {semantics::ArithmeticFault::denominator_not_rescaled,
                                                 semantics::ArithmeticFault::numerator_not_rescaled}) {
    for (const auto& world : float_worlds_with(fault)) {
      for (const std::string_view form : {"sequential", "split-K", "online", "lazy rescale"}) {
        expect_caught(*world, "definition", form, 2);
      }
    }
  }
}

TEST(Definition, CatchesALostKeyAndAnIgnoredMaskInEveryOtherSemantics) {
  for (const auto& world : other_worlds_with(Slip::key_lost)) {
    for (const std::string_view form : {"tiled", "split-K", "online"}) {
      expect_caught(*world, "definition", form, 2);
    }
  }
  for (const auto& world : other_worlds_with(Slip::mask_ignored)) {
    expect_caught(*world, "definition", "sequential", 1);
  }
}

TEST(Lse, CatchesAKeyMissingFromTheDenominator) {
  expect_caught(*rational_world_with(semantics::ArithmeticFault::weight_not_counted), "lse", "tiled", 3);
  expect_caught(*f32_world_with(semantics::ArithmeticFault::weight_not_counted), "lse", "online", 3);
}

TEST(NothingVisible, CatchesAMissingGuardAndAnIgnoredMask) {
  for (const std::string_view form : {"guarded online", "guarded split"}) {
    expect_caught(*rational_world_with(semantics::ArithmeticFault::unguarded), "nothing visible", form, 1);
    expect_caught(*f32_world_with(semantics::ArithmeticFault::unguarded), "nothing visible", form, 1);
  }
  expect_caught(*f32_world_with(Slip::mask_ignored), "nothing visible", "tiled", 1);
}

}  // namespace
}  // namespace attest::properties
