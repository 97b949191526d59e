// The study beside other suites' rules, as text, JSON and a page.
#include "report/faults/peers_report.hpp"

#include <gtest/gtest.h>

namespace attest::report {
namespace {

// A fault that the first rule accepts in f16 and not in bf16, one that attest misses, and a control that the
// first rule refuses.
check::PeerStudy study() {
  check::PeerStudy made;
  const auto add = [&](const char* name, DType dtype, bool correct, bool accepted, bool flagged) {
    check::PeerRow row{.name = name, .dtype = dtype, .correct = correct, .accepts = {}, .flagged = flagged};
    row.accepts.resize(check::peer_rules().size());
    row.accepts[0] = accepted;
    made.rows.push_back(row);
  };
  add("window_32_bits", DType::f16, false, true, true);
  add("window_32_bits", DType::bf16, false, false, true);
  add("scale_twice", DType::f16, false, false, false);
  add("tile_7", DType::f16, true, false, false);
  return made;
}

std::vector<check::Resolution> resolution() {
  return {{.name = "scale",
           .dtype = DType::bf16,
           .effort = check::Effort::ci,
           .found_by = {"definition", "definition", "alarm"},
           .all_found = false},
          {.name = "leak",
           .dtype = DType::f32,
           .effort = check::Effort::quick,
           .found_by = {},
           .all_found = false}};
}

TEST(PeersReport, CountsWhatEachRuleAccepts) {
  const std::string text = peers_text(study());
  EXPECT_NE(text.find("FlashAttention 2              1 of 3 (33 %)         1 of 1\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("FlashAttention 3              -                     -\n"), std::string::npos) << text;
  EXPECT_NE(text.find("attest                        1 of 3 (33 %)         0 of 1\n"), std::string::npos)
      << text;
}

TEST(PeersReport, NamesInJsonWhoAcceptsAKernel) {
  const Json json = peers_json(study());
  EXPECT_EQ(json["rules"].size(), check::peer_rules().size());
  EXPECT_EQ(json["rules"][0]["faults"], Json({{"accepted", 1}, {"of", 3}}));
  EXPECT_EQ(json["kernels"][0]["accepted_by"], Json::array({"FlashAttention 2"}));
  EXPECT_EQ(json["kernels"][1]["refused_by"], Json::array({"FlashAttention 2"}));
  EXPECT_EQ(json["attest"]["faults"]["accepted"], 1);
  EXPECT_EQ(json["rules"][0]["read"], "rule");
  EXPECT_EQ(json["rules"][0]["read_commit"], "008951f1d94a");
}

TEST(PeersReport, SaysTheSmallestSizeAndWhatFoundIt) {
  const Json json = resolution_json(resolution());
  EXPECT_EQ(json[0]["smallest"], "2^-3");
  EXPECT_EQ(json[0]["found"][2], Json({{"size", "2^-3"}, {"found_by", "alarm"}}));
  EXPECT_EQ(json[1]["smallest"], "none");
  EXPECT_NE(resolution_text(resolution()).find("scale         bf16   ci      2^-3            alarm\n"),
            std::string::npos);
}

TEST(PeersReport, WritesThePage) {
  const std::string page = detection_markdown(
      {.peers = study(), .resolution = resolution(), .effort = "ci", .seed = 7, .control_cases = 100});
  for (const char* expected :
       {"Seed 7, effort ci; attest puts 100 cases to each correct kernel in each type.",
        "| A | FlashAttention 2 | 1 of 3 (33 %) | 1 of 3 (33 %) | 1 of 1 | rule |",
        "| `window_32_bits` | f16 | - |", "| `scale_twice` |  | - |",
        "| scale | bf16 | ci | 2^-3 | alarm | 2^-4 |", "| leak | f32 | quick | none |  | 10^-1 |",
        "Source: Dao-AILab/flash-attention",
        "test_flash_attn_output. Compared with it: rule (commit 008951f1d94a)."})
    EXPECT_NE(page.find(expected), std::string::npos) << expected << "\n" << page;
}

}  // namespace
}  // namespace attest::report
