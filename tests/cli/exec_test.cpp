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
}

TEST(Exec, ACommandWithoutItsFilesIsAUsageError) {
  const CommandRun run = attest_command("check 'exec:cat {in}'");
  EXPECT_EQ(run.exit, 64);
  EXPECT_TRUE(mentions(run.err, "{in} and {out}")) << run.err;
}

// numpy writes a capture of a uniform mean over three values, and one that is off by one in a thousand.
std::string with_captures(const std::string& arguments) {
  const std::string program =
      "import numpy as np; z = np.zeros((1, 1, 2, 3), np.float32); v = np.zeros((1, 1, 3, 3), np.float32); "
      "v[0, 0] = [[1], [2], [6]]; k = np.zeros((1, 1, 3, 3), np.float32); o = np.zeros((1, 1, 2, 3), "
      "np.float32); "
      "o[:] = 3; p = dict(q=z, k=k, v=v, scale=1.0, causal=0); np.savez(chr(103), out=o, **p); "
      "np.savez_compressed(chr(98), out=o * np.float32(1.001), **p); np.savez(chr(110), q=z, k=k, v=v, "
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
  EXPECT_NEAR(finding["got"].get<double>(), 3.003, 1e-6);
  EXPECT_EQ(finding["expected"], 3.0);
  EXPECT_TRUE(mentions(run.out, "replay      attest check findings/b-1.safetensors")) << run.out;
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
  EXPECT_EQ(
      no_scale.err,
      "attest: n.npz: there is no scale in the metadata; 1 / sqrt(qk_dim) would be 0.5773502691896258\n");
  const CommandRun missing = attest_command("check nowhere.safetensors");
  EXPECT_EQ(missing.exit, 64);
  EXPECT_EQ(missing.err, "attest: cannot read nowhere.safetensors: No such file or directory\n");
  const CommandRun rows = attest_command("check --rows 5 " + test_kernel("tiled"));
  EXPECT_EQ(rows.exit, 64);
  EXPECT_TRUE(mentions(rows.err, "--rows applies to captures only")) << rows.err;
}

}  // namespace
}  // namespace attest::cli
