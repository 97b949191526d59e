#include "report/check/laws/laws_markdown.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "report/number.hpp"
#include "report/table.hpp"

namespace attest::report {
namespace {

constexpr std::size_t kNamed = 4;  // members that a cell names before it counts

bool is_command(const std::string& name) { return name.starts_with("exec:"); }

std::string family_of(const std::string& name) {
  return is_command(name) ? name : name.substr(0, name.find(':'));
}

std::string member_of(const std::string& name) {
  const std::size_t colon = is_command(name) ? std::string::npos : name.find(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

struct FamilyOfKernels {
  std::string name;
  std::vector<const check::KernelReport*> kernels;
};

std::vector<FamilyOfKernels> by_family(const std::vector<check::KernelReport>& kernels) {
  std::vector<FamilyOfKernels> families;
  for (const check::KernelReport& kernel : kernels) {
    const std::string name = family_of(kernel.info.name);
    const auto found = std::find_if(families.begin(), families.end(),
                                    [&](const FamilyOfKernels& family) { return family.name == name; });
    if (found == families.end()) {
      families.push_back({name, {&kernel}});
    } else {
      found->kernels.push_back(&kernel);
    }
  }
  return families;
}

std::string some_of(const std::vector<std::string>& names) {
  const std::size_t shown = names.size() <= kNamed ? names.size() : kNamed - 1;
  std::string text =
      fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<long>(shown), ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

// What the kernels of a family have to say of one law.
struct Together {
  std::vector<std::string> held, broken, without;
  std::int64_t cases = 0, broken_cases = 0;
  std::size_t compared = 0,
              bitwise = 0;  // kernels that compare runs, and of these, with the same bits always

  void add(const std::string& member, const check::LawReport& law) {
    cases += law.cases;
    broken_cases += law.broken;
    (law.status == check::LawStatus::held     ? held
     : law.status == check::LawStatus::broken ? broken
                                              : without)
        .push_back(member);
    if (!law.bitwise || law.status != check::LawStatus::held) return;
    ++compared;
    if (*law.bitwise) ++bitwise;
  }

  std::string bits() const {
    if (compared == 0) return "";
    if (bitwise == compared) return ", bitwise";
    return bitwise == 0 ? ", not bitwise" : fmt::format(", bitwise in {} of {}", bitwise, compared);
  }

  std::string text() const {
    if (held.empty() && broken.empty()) return "n/a";
    const std::string of = grouped(cases);
    std::string text = broken.empty() ? fmt::format("held in {}", of) + bits()
                                      : fmt::format("**broken** in {} of {} by {}", grouped(broken_cases), of,
                                                    some_of(broken));
    if (!broken.empty() && !held.empty())
      text += (held.size() > kNamed ? fmt::format("; held by {} others", held.size())
                                    : fmt::format("; held by {}", some_of(held))) +
              bits();
    if (!without.empty()) text += fmt::format("; n/a for {}", some_of(without));
    return text;
  }
};

std::string cell_of(const FamilyOfKernels& family, const std::string& law_name) {
  Together together;
  for (const check::KernelReport* kernel : family.kernels) {
    if (const check::LawReport* law = kernel->law(law_name)) together.add(member_of(kernel->info.name), *law);
  }
  return together.text();
}

std::string families_table(const std::vector<check::KernelReport>& kernels) {
  const std::vector<FamilyOfKernels> families = by_family(kernels);
  std::vector<std::string> head{"law"};
  for (const FamilyOfKernels& family : families) {
    head.push_back(cell(family.name));
    if (family.kernels.size() > 1) head.back() += fmt::format(" ({} kernels)", family.kernels.size());
  }
  std::string text = table_head(head);
  for (const check::LawReport& law : kernels.front().laws) {
    std::vector<std::string> row{law.name};
    for (const FamilyOfKernels& family : families) row.push_back(cell(cell_of(family, law.name)));
    text += table_row(row);
  }
  return text;
}

std::string notes_table(const std::vector<check::KernelReport>& kernels) {
  struct Seen {
    std::vector<std::string> members;
    std::int64_t calls = 0;
  };
  std::map<std::string, std::size_t> sizes;
  std::map<std::tuple<std::string, std::string, std::string>, Seen> seen;
  for (const check::KernelReport& kernel : kernels) {
    ++sizes[family_of(kernel.info.name)];
    for (const check::LawReport& law : kernel.laws) {
      for (const auto& [note, calls] : law.notes) {
        Seen& entry = seen[{law.name, family_of(kernel.info.name), note}];
        entry.members.push_back(member_of(kernel.info.name));
        entry.calls += calls;
      }
    }
  }
  if (seen.empty()) return "";
  std::string text =
      "\n### Observations that are not defects\n\n" + table_head({"law", "kernels", "observation", "calls"});
  for (const auto& [key, entry] : seen) {
    const auto& [law, family, note] = key;
    const bool alone = entry.members == std::vector{family};
    const std::string members = entry.members.size() == sizes.at(family) && entry.members.size() > 1
                                    ? fmt::format("all {}", entry.members.size())
                                    : some_of(entry.members);
    text += table_row({law, cell(alone ? family : fmt::format("{}: {}", family, members)), cell(note),
                       grouped(entry.calls)});
  }
  return text;
}

}  // namespace

std::string laws_markdown(const std::vector<check::KernelReport>& kernels) {
  if (kernels.empty()) return "No kernel is available.\n";
  return "The number of cases in which each law held, summed over the kernels of a family. The details of "
         "each kernel are below.\n\n" +
         families_table(kernels) + notes_table(kernels);
}

}  // namespace attest::report
