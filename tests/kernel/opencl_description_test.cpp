// What a .cl file says of its kernels, what it may not say, and what oclgrind prints.
#include <gtest/gtest.h>

#include "kernel/kernel_spec.hpp"
#include "kernel/opencl/description.hpp"
#include "kernel/opencl/race_log.hpp"
#include "kernel/opencl_spec.hpp"

namespace attest::kernel {
namespace {

using namespace opencl;

// batch 2, q_heads 4, kv_heads 2, q_len 5, kv_len 7, qk_dim 16, v_dim 8, causal 1, windows -1.
const std::vector<std::int64_t> kValues{2, 4, 2, 5, 7, 16, 8, 1, -1, -1};

std::optional<std::int64_t> value_of(const std::string& text) {
  return Expression::parse(text).value(kValues);
}

std::string error_of_expression(const std::string& text) {
  try {
    Expression::parse(text);
  } catch (const ExpressionError& error) {
    return error.what();
  }
  return "(it parsed)";
}

std::string error_of(const std::string& source) {
  try {
    parse_descriptions(source);
  } catch (const DescriptionError& error) {
    return error.what();
  }
  return "(it parsed)";
}

const std::string kLeast = "// attest: kernel f\n// attest: args q, k, v, out\n// attest: global q_len\n";

TEST(Expression, HasThePrecedenceOfC) {
  EXPECT_EQ(value_of("1 + 2 * 3"), 7);
  EXPECT_EQ(value_of("(1 + 2) * 3"), 9);
  EXPECT_EQ(value_of("20 - 5 - 3"), 12);
  EXPECT_EQ(value_of("100 / 5 % 7 * 2"), 12);
  EXPECT_EQ(value_of("1 < 2 == 1 && 0 || 1"), 1);
  EXPECT_EQ(value_of("-q_len - -2"), -3);
  EXPECT_EQ(value_of("q_heads * q_len + kv_len"), 27);
  EXPECT_EQ(value_of("qk_dim >= v_dim && causal != 0 && window_left == -1"), 1);
}

TEST(Expression, HasFunctions) {
  EXPECT_EQ(value_of("roundup(q_len, 16)"), 16);
  EXPECT_EQ(value_of("roundup(32, 16)"), 32);
  EXPECT_EQ(value_of("ceildiv(kv_len, 2)"), 4);
  EXPECT_EQ(value_of("ceildiv(-3, 2)"), -1);
  EXPECT_EQ(value_of("max(min(q_len, kv_len), 3)"), 5);
}

TEST(Expression, HasNoValueWhereCHasNone) {
  EXPECT_EQ(value_of("1 / (q_len - 5)"), std::nullopt);
  EXPECT_EQ(value_of("1 % 0"), std::nullopt);
  EXPECT_EQ(value_of("9223372036854775807 + 1"), std::nullopt);
  EXPECT_EQ(value_of("4611686018427387904 * 2"), std::nullopt);
  EXPECT_EQ(value_of("roundup(9223372036854775807, 2)"), std::nullopt);
}

TEST(Expression, RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(error_of_expression(""), "the expression ends too early");
  EXPECT_EQ(error_of_expression("q_length"), "unknown name 'q_length'");
  EXPECT_EQ(error_of_expression("2 + "), "the expression ends too early");
  EXPECT_EQ(error_of_expression("(2"), "the expression ends too early");
  EXPECT_EQ(error_of_expression("2 3"), "unexpected '3'");
  EXPECT_EQ(error_of_expression("2x"), "unexpected 'x'");
  EXPECT_EQ(error_of_expression("99999999999999999999"), "too large a number '99999999999999999999'");
  EXPECT_EQ(error_of_expression("min(1)"), "expected ',' before ')'");
  EXPECT_EQ(error_of_expression(std::string(1000, '(') + "1"), "an expression more than 32 deep");
  std::string sum = "1";
  for (int i = 0; i < 200; ++i) sum += "+1";
  EXPECT_EQ(error_of_expression(sum), "an expression of more than 200 parts");
}

TEST(Description, HasWhatTheCommentsSay) {
  const auto kernels = parse_descriptions(
      "// attest: kernel f\n//attest: types f16 f32\n  // attest: args q, k, v, out, lse, local 4 * "
      "min(q_len, 8)\n"
      "// attest: args int q_len, float scale\n// attest: global roundup(q_len, 16), q_heads\n// attest: "
      "local 16, 1\n"
      "// attest: requires qk_dim <= 128, causal == 2\n// attest: define DIM qk_dim\n// attest: contract "
      "f32;exp_rel=1e-6\n"
      "__kernel void f() {}\n" +
      std::string("// attest: kernel g\n// attest: args q,k,v,out\n// attest: global 1\n"));
  ASSERT_EQ(kernels.size(), 2U);
  const KernelDescription& f = kernels[0];
  EXPECT_EQ(f.name, "f");
  EXPECT_EQ(f.types, (std::vector{DType::f16, DType::f32}));
  ASSERT_EQ(f.arguments.size(), 8U);
  EXPECT_EQ(f.arguments[5].kind, Argument::Kind::local);
  EXPECT_EQ(f.arguments[5].value.value(kValues), 20);
  EXPECT_EQ(f.arguments[6].kind, Argument::Kind::integer);
  EXPECT_EQ(f.arguments[7].kind, Argument::Kind::scale);
  EXPECT_EQ(f.global.size(), 2U);
  EXPECT_EQ(f.conditions.size(), 2U);
  EXPECT_EQ(f.defines[0].name, "DIM");
  EXPECT_EQ(f.contract, "f32;exp_rel=1e-6");
  EXPECT_TRUE(f.knows(Variable::causal));
  EXPECT_FALSE(f.knows(Variable::window_left));
  EXPECT_TRUE(f.takes(Buffer::lse));
  EXPECT_FALSE(f.takes(Buffer::mask));
  EXPECT_TRUE(kernels[1].local.empty());
}

TEST(Description, RefusesWithTheLine) {
  EXPECT_EQ(error_of("__kernel void f() {}\n"), "(it parsed)");
  EXPECT_EQ(error_of("\n// attest: args q\n"), "line 2: a description begins with 'attest: kernel NAME'");
  EXPECT_EQ(error_of("// attest: kernel 2f\n"), "line 1: '2f' is no name in OpenCL C");
  EXPECT_EQ(error_of("\n// attest: kernel f\n// attest: args q, k, v\n// attest: global 1\n"),
            "line 2: kernel f: no argument out");
  EXPECT_EQ(error_of("// attest: kernel f\n// attest: args q, k, v, out\n"),
            "line 1: kernel f: no global range");
  EXPECT_EQ(error_of(kLeast + "// attest: args q\n"), "line 4: q is an argument twice");
  EXPECT_EQ(error_of(kLeast + "// attest: args float softmax\n"),
            "line 4: a float or double argument is scale or softcap, not 'softmax'");
  EXPECT_EQ(error_of(kLeast + "// attest: args int q_len,, int kv_len\n"), "line 4: an empty part of a list");
  EXPECT_EQ(error_of(kLeast + "// attest: global 1, 1, 1\n"), "line 4: more than 3 expressions");
  EXPECT_EQ(error_of(kLeast + "// attest: local 1, 1\n"),
            "line 1: kernel f: local and global ranges of different dimensions");
  EXPECT_EQ(error_of(kLeast + "// attest: types i32\n"),
            "line 4: types are f64, f32, f16 and bf16, not 'i32'");
  EXPECT_EQ(error_of(kLeast + "// attest: grid 1\n").substr(0, 28), "line 4: unknown word 'grid':");
  EXPECT_EQ(error_of(kLeast + kLeast), "line 4: f is described twice");
  EXPECT_EQ(error_of(std::string((1 << 20) + 1, ' ')), "the file has more than 1048576 bytes");
}

TEST(OpenClSpec, SplitsAfterTheFile) {
  EXPECT_EQ(opencl_of_spec("opencl:./a.cl:f:g")->path, "./a.cl");
  EXPECT_EQ(opencl_of_spec("opencl:./a.cl:f:g")->entry, "f:g");
  EXPECT_EQ(opencl_of_spec("opencl:a.cl")->path, "a.cl");
  EXPECT_EQ(opencl_of_spec("opencl:C:a.cl")->path, "C:a.cl");
  EXPECT_TRUE(opencl_of_spec("opencl-races:a.cl:f")->races);
  EXPECT_EQ(text_of_spec(*opencl_of_spec("opencl-races:a.cl:f")), "opencl-races:a.cl:f");
  EXPECT_FALSE(opencl_of_spec("./opencl.so"));
  EXPECT_TRUE(computes_on_device("opencl:a.cl"));
  EXPECT_FALSE(computes_on_device("ggml:x64"));
}

TEST(OpenClSpec, IsWrittenRelativeToTheFolderOfACaseFile) {
  EXPECT_EQ(spec_in_folder("opencl:kernels/a.cl:f", "findings"), "opencl:../kernels/a.cl:f");
  EXPECT_EQ(spec_in_folder("opencl:/k/a.cl", "findings"), "opencl:/k/a.cl");
}

// As oclgrind 21.10 prints it.
constexpr const char* kRace =
    "\nRead-write data race at local memory address 0x1000000000000\n\tKernel: attention\n\t\n"
    "\tFirst entity:  Global(1,0,0) Local(1,0,0) Group(0,0,0)\n\t  %2 = load float\n"
    "\tAt line 5 (column 52) of input.cl:\n\t  s += part[j];\n\t\n"
    "\tSecond entity: Global(0,0,0) Local(0,0,0) Group(0,0,0)\n\t  store float %0\n"
    "\tAt line 3 (column 11) of input.cl:\n\t  part[i] = 1;\n\t\n\n";
constexpr const char* kInvalid =
    "\nInvalid write of size 4 at global memory address 0x1000000000100\n\tKernel: f\n\tEntity: "
    "Global(1,0,0)\n"
    "\t  store i32 1\n\tAt line 9 (column 3) of input.cl:\n\t  out[64] = 1;\n\n";

TEST(RaceLog, NamesBothLinesOfARace) {
  const Violation seen = first_violation(std::string(kRace) + kInvalid);
  EXPECT_EQ(seen.kind, Trespass::outside);
  EXPECT_EQ(seen.text,
            "read-write data race at local memory: line 5 's += part[j];' and line 3 'part[i] = 1;'");
}

TEST(RaceLog, NamesTheLineOfAnAccessOutside) {
  EXPECT_EQ(first_violation(std::string(kInvalid) + kRace).text,
            "invalid write of size 4 at global memory: line 9 'out[64] = 1;'");
}

TEST(RaceLog, IsReadWhateverItHolds) {
  EXPECT_EQ(first_violation("").kind, Trespass::none);
  EXPECT_EQ(first_violation("\n\n").kind, Trespass::none);
  EXPECT_EQ(first_violation("At line").text, "at line");
  EXPECT_EQ(first_violation(" address 0").text, "an error without a title");
  EXPECT_EQ(first_violation("x\nAt line ").text, "x: line  ''");
}

}  // namespace
}  // namespace attest::kernel
