// `attest check` on commands and captures, end to end.
#include <string>

#include <gtest/gtest.h>

#include "command_line.hpp"

namespace attest::cli {
namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kScript = "exec:/usr/bin/python3 " ATTEST_SOURCE_DIR "/tests/cli/exec_kernel.py";

TEST(Exec, AWrongCommandIsDefectiveOnAFewKeys) {
  const auto json =
      attest_json("check --cases 80 --budget 500 \"" + kScript + " late {in_dir} {out_dir}\"", 1);
  const auto& finding = json["kernels"][0]["findings"][0];
  EXPECT_EQ(finding["kind"], "wrong-value");
  EXPECT_LE(finding["case"]["shape"]["kv_len"].get<int>(), 4) << finding.dump(1);
  EXPECT_TRUE(mentions(finding["replay"], " --allow-exec")) << finding.dump(1);
}

// A file of somebody else's must not start a program.
TEST(Exec, ReplayAsksBeforeItRunsTheCommandOfACaseFile) {
  const auto tensor = [](const std::vector<int>& shape, const std::vector<int>& values) {
    return nlohmann::json{{"dtype", "f32"}, {"shape", shape}, {"values", values}};
  };
  const nlohmann::json problem{{"scale", 1},
                               {"causal", "top-left"},
                               {"window_left", -1},
                               {"window_right", -1},
                               {"softcap", 0},
                               {"want_lse", false},
                               {"q", tensor({1, 1, 1, 1}, {0})},
                               {"k", tensor({1, 1, 2, 1}, {0, 0})},
                               {"v", tensor({1, 1, 2, 1}, {1, 5})}};
  const nlohmann::json file{{"schema", "attest.case/1"},
                            {"version", "1"},
                            {"kernel", kScript + " late {in} {out}"},
                            {"law", "definition"},
                            {"summary", ""},
                            {"kind", "wrong-value"},
                            {"variant", ""},
                            {"contract", ""},
                            {"declared_contract", ""},
                            {"seed", 1},
                            {"problem", problem},
                            {"placement", "misaligned"},
                            {"elements", nlohmann::json::array()}};
  const std::string replay = "'" ATTEST_BINARY "' replay case.json";
  const CommandRun run = attest_command("--version >/dev/null; echo '" + file.dump() + "' >case.json; " +
                                        replay + "; echo $?; " + replay + " --allow-exec --quiet; echo $?");
  EXPECT_TRUE(mentions(run.err, "case.json runs the command /usr/bin/python3 ")) << run.err;
  EXPECT_TRUE(mentions(run.err, "--allow-exec permits that")) << run.err;
  EXPECT_TRUE(mentions(run.out, "64\nBROKEN   ")) << run.out << run.err;
}

TEST(Exec, ACommandWithoutItsFilesIsAUsageError) {
  const CommandRun run = attest_command("check 'exec:cat {in}'");
  EXPECT_EQ(run.exit, 64);
  EXPECT_TRUE(mentions(run.err, "{in} and {out}")) << run.err;
}

// numpy writes a capture of a uniform mean over three values, and one that is off by a quarter.
std::string with_captures(const std::string& arguments) {
  const std::string program =
      "import numpy as np; z = np.zeros((1, 1, 2, 3), np.float32); v = np.zeros((1, 1, 3, 3), np.float32); "
      "v[0, 0] = [[1], [2], [6]]; k = np.zeros((1, 1, 3, 3), np.float32); o = np.zeros((1, 1, 2, 3), "
      "np.float32); "
      "o[:] = 3; p = dict(q=z, k=k, v=v, scale=1.0, causal=0); np.savez(chr(103), out=o, **p); "
      "np.savez_compressed(chr(98), out=o * np.float32(1.25), **p); np.savez(chr(110), q=z, k=k, v=v, "
      "out=o)";
  return "--version >/dev/null; /usr/bin/python3 -c '" + program + "'; " ATTEST_BINARY " " + arguments;
}

TEST(Capture, OfARightKernelIsConforming) {
  const CommandRun run = attest_command(with_captures("check g.npz --rows 1 --json -"));
  EXPECT_EQ(run.exit, 0) << run.err;
  const auto report = nlohmann::json::parse(run.out)["kernels"][0];
  EXPECT_EQ(report["verdict"], "conforming");
  EXPECT_EQ(report["outputs"], 3);
  EXPECT_EQ(report["rows"]["judged"], 1);
  EXPECT_EQ(report["rows"]["total"], 2);
}

TEST(Capture, OfAWrongKernelIsDefectiveAndItsRowIsACaptureOfItsOwn) {
  const CommandRun run =
      attest_command(with_captures("check b.npz; cat findings/b-1.safetensors >/dev/null && " ATTEST_BINARY
                                   " check findings/b-1.safetensors --json -"));
  EXPECT_EQ(run.exit, 1) << run.err;
  const std::string json = run.out.substr(run.out.find("exit 1\n") + 7);
  const auto finding = nlohmann::json::parse(json)["kernels"][0]["findings"][0];
  EXPECT_EQ(finding["case"]["shape"]["q_len"], 1);
  EXPECT_EQ(finding["got"].get<double>(), 3.75);
  EXPECT_EQ(finding["expected"], 3.0);
  EXPECT_TRUE(mentions(run.out, "replay      attest check findings/b-1.safetensors")) << run.out;
}

// Row 1 holds NaN, and row 0 is the one that is sampled.
TEST(Capture, WithNanInARowThatIsNotSampledIsNeverConforming) {
  for (const char* where : {"o[0, 0, 1, 1]", "l[0, 0, 1]"}) {
    for (const char* key : {"1", "np.nan"}) {
      const std::string program =
          "import numpy as np; z = np.zeros((1, 1, 2, 3), np.float32); o = z + 1; l = z[..., 0] + "
          "np.float32(np.log(3)); v = np.ones((1, 1, 3, 3), np.float32); k = v * 0; k[0, 0, 2, 0] = " +
          std::string(key) + "; " + where +
          " = np.nan; np.savez(chr(103), q=z, k=k, v=v, out=o, lse=l, scale=1.0, causal=2)";
      for (const char* rows : {"0", "1", "2"}) {
        const CommandRun run =
            attest_command("--version >/dev/null; /usr/bin/python3 -c '" + program +
                           "'; " ATTEST_BINARY " check g.npz --rows " + rows + " --json -");
        const auto report = nlohmann::json::parse(run.out)["kernels"][0];
        EXPECT_NE(report["verdict"], "conforming") << where << " key " << key << " rows " << rows;
        EXPECT_NE(run.exit, 0);
      }
    }
  }
}

// The same capture in both orders of axes, by the file's word and by the user's.
TEST(Capture, MayHoldTheHeadsBehindTheLength) {
  const std::string program =
      "import numpy as np; r = np.random.default_rng(1); q, k = (r.standard_normal((2, 3, n, 4)) for n in "
      "(5, 7)); "
      "v = r.standard_normal((2, 3, 7, 6)); s = np.einsum(\"bhid,bhjd->bhij\", q, k) * 0.5; p = "
      "np.exp(s - s.max(-1, keepdims=True)); o = np.einsum(\"bhij,bhjd->bhid\", p / p.sum(-1, "
      "keepdims=True), v); "
      "t = dict(q=q, k=k, v=v, out=o); w = {n: x.swapaxes(1, 2) for n, x in t.items()}; m = dict(scale=0.5, "
      "causal=\"none\"); np.savez(\"heads\", **t, **m); np.savez(\"length\", **w, **m); np.savez(\"said\", "
      "**w, "
      "**m, layout=\"bthd\")";
  const CommandRun run = attest_command("--version >/dev/null; /usr/bin/python3 -c '" + program +
                                        "'; for c in heads.npz 'length.npz --layout bthd' "
                                        "said.npz 'heads.npz --layout bthd' 'length.npz'; do " ATTEST_BINARY
                                        " check --quiet $c; echo $?; done");
  EXPECT_EQ(run.out,
            "heads.npz   CONFORMING\n0\nlength.npz   CONFORMING\n0\nsaid.npz   CONFORMING\n0\n64\n64\n")
      << run.err;
}

TEST(Capture, IsCausalInEverySpelling) {
  const auto verdict = [](const std::string& causal) {
    const std::string program =
        "import numpy as np; z = np.zeros((1, 1, 3, 3), np.float32); v = z.copy(); v[0, 0] = [[1], [2], "
        "[6]]; o = "
        "z.copy(); o[0, 0] = [[1], [1.5], [3]]; np.savez(chr(103), q=z, k=z, v=v, out=o, scale=1.0, causal=" +
        causal + ")";
    return attest_command("--version >/dev/null; /usr/bin/python3 -c '" + program +
                          "'; " ATTEST_BINARY " check g.npz --quiet")
        .exit;
  };
  for (const char* causal :
       {"1", "2", "\"top-left\"", "\"top_left\"", "\"bottom-right\"", "\"bottom_right\"", "True"})
    EXPECT_EQ(verdict(causal), 0) << causal;
  for (const char* causal : {"0", "\"none\"", "False"}) EXPECT_EQ(verdict(causal), 1) << causal;
}

TEST(Capture, SaysThatAContractIsForOtherTypes) {
  const CommandRun run = attest_command(with_captures("check g.npz --contract flash-bf16"));
  EXPECT_EQ(run.exit, 64);
  EXPECT_EQ(
      run.err,
      "attest: --contract: flash-bf16 does not fit g.npz, which holds q in f32 and k, v in f32 (f32)\n");
}

TEST(Capture, SaysWhatIsWrongWithAFile) {
  const CommandRun no_scale = attest_command(with_captures("check n.npz"));
  EXPECT_EQ(no_scale.exit, 64);
  EXPECT_EQ(no_scale.err,
            "attest: n.npz: there is no scale; 1 / sqrt(qk_dim) would be 0.5773502691896258: np.savez(..., "
            "scale=0.5773502691896258)\n");
  const CommandRun missing = attest_command("check nowhere.safetensors");
  EXPECT_EQ(missing.exit, 64);
  EXPECT_EQ(missing.err, "attest: cannot read nowhere.safetensors: No such file or directory\n");
  const CommandRun rows = attest_command("check --rows 5 " + test_kernel("tiled"));
  EXPECT_EQ(rows.exit, 64);
  EXPECT_TRUE(mentions(rows.err, "--rows applies to captures only")) << rows.err;
}

}  // namespace
}  // namespace attest::cli
