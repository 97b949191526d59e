// The page of `attest faults --versus-peers --resolution --markdown`.

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "check/campaign/effort.hpp"
#include "report/faults/peers_report.hpp"

namespace attest::report {
namespace {

using Count = check::PeerStudy::Count;

constexpr std::string_view kIntroduction =
    "# What attest finds that other test suites accept\n\n"
    "Every seeded bug of the fault library is a kernel in f32, f16 and bf16. This page puts each of them "
    "before the\n"
    "acceptance rules of known test suites, and before attest, in one run. `attest faults --versus-peers\n"
    "--resolution --markdown` prints such a page; `./attest docs` writes docs/detection.md.\n";

constexpr std::string_view kMethod =
    "Each rule is restated from its source, with inputs and shapes of its own: lengths, head dims and\n"
    "features are the suite's, batches and heads are fewer, and lengths above 2,048 are left out. The last\n"
    "column names what was compared with the source; the rest may be from memory. A rule accepts a kernel\n"
    "if it accepts its output on each of its problems. Rules about lse, gradients and 8-bit types are left\n"
    "out. \"Correct kernels refused\" counts the controls of the library: kernels that compute as their\n"
    "contract says, some of them in narrower arithmetic.\n";

std::string letter(std::size_t rule) { return std::string(1, static_cast<char>('A' + rule)); }

// What of the rule was compared with its source.
std::string_view read_parts(const check::PeerRule& rule) {
  return rule.read.parts.empty() ? "nothing" : rule.read.parts;
}

std::string rules_table(const check::PeerStudy& study) {
  std::string text =
      "|  | suite | faults accepted | by attest, of the same | correct kernels refused | compared with the "
      "source "
      "|\n|---|---|---|---|---|---|\n";
  for (std::size_t at = 0; at < check::peer_rules().size(); ++at) {
    const check::PeerRule& rule = check::peer_rules()[at];
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} |\n", letter(at), rule.name,
                    share_text(study.accepted(at, false)), share_text(study.accepted_by_attest(at, false)),
                    refused_text(study.accepted(at, true)), read_parts(rule));
  }
  return text + fmt::format("|  | **attest** | {} |  | {} |  |\n",
                            share_text(study.accepted_by_attest(false)),
                            refused_text(study.accepted_by_attest(true)));
}

std::string sources_list() {
  std::string text;
  for (std::size_t at = 0; at < check::peer_rules().size(); ++at) {
    const check::PeerRule& rule = check::peer_rules()[at];
    std::string shapes;
    for (const std::string_view shape : rule.shapes)
      shapes += fmt::format("{}`{}`", shapes.empty() ? "" : ", ", shape);
    text += fmt::format(
        "- **{} {}** ({}). Accepts: {}. Inputs: {}. Problems: {}.\n  Source: {}. Compared with it: {}{}.\n",
        letter(at), rule.name, types_of(rule), rule.sentence, rule.inputs_sentence, shapes, rule.source,
        read_parts(rule), rule.read.commit.empty() ? "" : fmt::format(" (commit {})", rule.read.commit));
  }
  return text;
}

// "all" where the rule accepts the fault in every type that it examines, else the types.
std::string cell(const std::vector<const check::PeerRow*>& rows, std::size_t rule) {
  std::string types;
  std::size_t asked = 0, accepted = 0;
  for (const check::PeerRow* row : rows) {
    if (!row->accepts[rule]) continue;
    ++asked;
    if (!*row->accepts[rule]) continue;
    ++accepted;
    types += fmt::format("{}{}", types.empty() ? "" : " ", name_of(row->dtype));
  }
  if (asked == 0) return "-";
  return accepted == asked ? "all" : types;
}

std::string faults_table(const check::PeerStudy& study) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<const check::PeerRow*>> by_name;
  for (const check::PeerRow& row : study.rows) {
    if (row.correct) continue;
    if (by_name[row.name].empty()) order.push_back(row.name);
    by_name[row.name].push_back(&row);
  }
  std::string head = "| fault |", rule = "|---|", text;
  for (std::size_t at = 0; at < check::peer_rules().size(); ++at) {
    head += " " + letter(at) + " |";
    rule += "---|";
  }
  for (const std::string& name : order) {
    text += fmt::format("| `{}` |", name);
    for (std::size_t at = 0; at < check::peer_rules().size(); ++at)
      text += " " + cell(by_name[name], at) + " |";
    std::string missed;
    for (const check::PeerRow* row : by_name[name]) {
      if (!row->flagged) missed += fmt::format("{}{}", missed.empty() ? "" : " ", name_of(row->dtype));
    }
    text += fmt::format(" {} |\n", missed);
  }
  return fmt::format("{} attest |\n{}---|\n{}", head, rule, text);
}

std::string resolution_table(const std::vector<check::Resolution>& study) {
  std::string text =
      "| fault | type | effort | smallest found | found by | largest not found "
      "|\n|---|---|---|---|---|---|\n";
  for (const check::GradedFault& fault : check::graded_faults()) {
    for (const check::Resolution& result : study) {
      if (result.name != fault.name) continue;
      const int found = static_cast<int>(result.found_by.size());
      text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", fault.name, name_of(result.dtype),
                          check::size_of(result.effort).name,
                          found == 0 ? "none" : check::graded_size(fault, fault.first + found - 1),
                          found == 0 ? "" : result.found_by.back(),
                          result.all_found ? "" : check::graded_size(fault, fault.first + found));
    }
  }
  text += "\nWith N for the size:\n\n";
  for (const check::GradedFault& fault : check::graded_faults())
    text += fmt::format("- {}: {}\n", fault.name, fmt::format(fmt::runtime(fault.sentence), "N"));
  return text;
}

}  // namespace

std::string detection_markdown(const Detection& detection) {
  std::string text(kIntroduction);
  text += fmt::format("\nSeed {}, effort {}", detection.seed, detection.effort);
  text += detection.peers.rows.empty()
              ? ".\n"
              : fmt::format("; attest puts {} cases to each correct kernel in each type.\n",
                            detection.control_cases);
  if (!detection.peers.rows.empty()) {
    text += fmt::format("\n## Shares\n\n{}\n{}", kMethod, rules_table(detection.peers));
    text += fmt::format("\n## The rules\n\n{}", sources_list());
    text += fmt::format(
        "\n## Fault by fault\n\nThe types in which a rule accepts the fault; \"all\": every type that it "
        "examines. "
        "The last\ncolumn: the types in which attest misses it.\n\n{}",
        faults_table(detection.peers));
  }
  if (!detection.resolution.empty()) {
    text += fmt::format(
        "\n## The smallest faults that are found\n\nA kernel that is correct but for one fault of a given "
        "size, "
        "with a declared contract (`key_block=16`). Sizes\nare tried from the largest down to the first that "
        "is "
        "not found. \"alarm\": every output is within its bound, and\nthe errors are larger than rounding "
        "explains.\n\n{}",
        resolution_table(detection.resolution));
  }
  return text;
}

}  // namespace attest::report
