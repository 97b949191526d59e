#include "everywhere.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "forms/forms/form_list.hpp"

namespace attest {
namespace {

const FormLaw& law_named(std::string_view name) {
  const FormLaw* law = find_form_law(name);
  if (law == nullptr) throw std::invalid_argument(fmt::format("no law '{}'", name));
  return *law;
}

FormEntry form_named(std::string_view name) {
  for (const FormEntry& form : form_entries()) {
    if (form.name == name) return form;
  }
  throw std::invalid_argument(fmt::format("no form '{}'", name));
}

}  // namespace

void holds_everywhere(std::string_view name, const RowCase& row) {
  const FormLaw& law = law_named(name);
  bool decided = false;
  for (const auto& world : form_worlds()) {
    for (const FormEntry& form : form_entries()) {
      if (!world->why_not(form).empty() || !law.why_not(form, world->entry()).empty()) continue;
      const Ruling ruling = rule(law, form, *world, row);
      decided = decided || ruling.decision == Decision::held;
      if (ruling.decision == Decision::violated) {
        RC_FAIL(fmt::format("{}, {}: {}", form.name, world->entry().name, ruling.why));
      }
    }
  }
  RC_PRE(decided);
}

void expect_caught(const FormWorld& world, std::string_view name, std::string_view form_name,
                   std::size_t most_keys, std::int64_t cases) {
  const FormLaw& law = law_named(name);
  const FormEntry form = form_named(form_name);
  const std::string what = fmt::format("{}, {}, {}", name, form_name, world.entry().name);
  ASSERT_EQ(world.why_not(form), "") << what;
  ASSERT_EQ(law.why_not(form, world.entry()), "") << what;
  const LawRun run = run_law(law, form, world, 7, cases);
  ASSERT_TRUE(run.violation) << what;
  EXPECT_LE(run.violation->smallest.keys.size(), most_keys)
      << what << ": " << describe(run.violation->smallest);
  EXPECT_NE(run.violation->ruling.why, "");
}

}  // namespace attest
