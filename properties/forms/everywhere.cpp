#include "everywhere.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "forms/forms/form_list.hpp"

namespace attest::properties {
namespace {

const forms::FormLaw& law_named(std::string_view name) {
  const forms::FormLaw* law = forms::find_form_law(name);
  if (law == nullptr) throw std::invalid_argument(fmt::format("no law '{}'", name));
  return *law;
}

forms::FormEntry form_named(std::string_view name) {
  for (const forms::FormEntry& form : forms::form_entries()) {
    if (form.name == name) return form;
  }
  throw std::invalid_argument(fmt::format("no form '{}'", name));
}

}  // namespace

void holds_everywhere(std::string_view name, const forms::RowCase& row) {
  const forms::FormLaw& law = law_named(name);
  bool decided = false;
  for (const auto& world : forms::form_worlds()) {
    for (const forms::FormEntry& form : forms::form_entries()) {
      if (!world->why_not(form).empty() || !law.why_not(form, world->entry()).empty()) continue;
      const forms::Ruling ruling = forms::rule(law, form, *world, row);
      decided = decided || ruling.decision == forms::Decision::held;
      if (ruling.decision == forms::Decision::violated) {
        RC_FAIL(fmt::format("{}, {}: {}", form.name, world->entry().name, ruling.why));
      }
    }
  }
  RC_PRE(decided);
}

void expect_caught(const forms::FormWorld& world, std::string_view name, std::string_view form_name,
                   std::size_t most_keys, std::int64_t cases) {
  const forms::FormLaw& law = law_named(name);
  const forms::FormEntry form = form_named(form_name);
  const std::string what = fmt::format("{}, {}, {}", name, form_name, world.entry().name);
  ASSERT_EQ(world.why_not(form), "") << what;
  ASSERT_EQ(law.why_not(form, world.entry()), "") << what;
  const forms::LawRun run = forms::run_law(law, form, world, 7, cases);
  ASSERT_TRUE(run.violation) << what;
  EXPECT_LE(run.violation->smallest.keys.size(), most_keys)
      << what << ": " << forms::describe(run.violation->smallest);
  EXPECT_NE(run.violation->ruling.why, "");
}

}  // namespace attest::properties
