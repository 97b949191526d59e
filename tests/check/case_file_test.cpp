// Case files: every generated problem survives the round trip, and hostile text is refused with a reason.

#include "check/case_file/case_file.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "check/case_file/case_json.hpp"
#include "check/case_file/replay.hpp"
#include "check/generate/families.hpp"
#include "check/generate/layout/layout.hpp"
#include "check/outline/features.hpp"
#include "laws/inputs/edit.hpp"
#include "plain_kernel.hpp"

namespace attest::check {
namespace {

void expect_same_tensor(const Tensor& a, const Tensor& b) {
  RC_ASSERT(a.dtype() == b.dtype());
  RC_ASSERT(a.shape() == b.shape());
  RC_ASSERT(a.strides() == b.strides());
  RC_ASSERT(a.memory_strides() == b.memory_strides());
  RC_ASSERT(a.bytes() == b.bytes());
}

void expect_same_optional(const std::optional<Tensor>& a, const std::optional<Tensor>& b) {
  RC_ASSERT(a.has_value() == b.has_value());
  if (a) expect_same_tensor(*a, *b);
}

// A generated problem, in any of the layouts.
Problem any_laid_out(const GenContext& context) {
  Problem p = *any_problem(context);
  Draw draw{rc::Random(*rc::gen::arbitrary<std::uint64_t>())};
  FeatureSet wanted;
  for (const Feature f : {Feature::strided_scores, Feature::strided_vectors, Feature::strided_out,
                          Feature::shared_address, Feature::far_offsets}) {
    wanted.add(f, draw.chance(0.4));
  }
  lay_out(draw, wanted, FarTarget::any, p);
  share_address(p);
  RC_ASSERT(why_invalid(p) == "");
  return p;
}

RC_GTEST_PROP(CaseFile, RoundTripsEveryGeneratedProblem, ()) {
  GenContext context;
  context.large_share = 0;
  context.usual_work = 2e4;
  context.set(Feature::nothing, 0.1);
  CaseFile file;
  file.kernel = "./libmine.so:attention";
  file.law = "definition";
  file.summary = "returns \"1.5\"\n where 2.5 \xff";
  file.seed = std::numeric_limits<std::uint64_t>::max();
  file.placement = kernel::Placement::page_end;
  file.problem = any_laid_out(context);
  file.elements.push_back(
      {{0, 0, 1, Output::lse}, oracle::Standing::violated, std::nan(""), -HUGE_VAL, 0.1, HUGE_VAL});
  const CaseFile back = parse_case_file(format_case_file(file));
  RC_ASSERT(back.kernel == file.kernel);
  RC_ASSERT(back.seed == file.seed);
  RC_ASSERT(back.placement == file.placement);
  RC_ASSERT(std::isnan(back.elements.at(0).got));
  RC_ASSERT(back.elements.at(0).expected == -HUGE_VAL);
  RC_ASSERT(back.elements.at(0).bound == 0.1);
  const Problem& p = file.problem;
  const Problem& r = back.problem;
  RC_ASSERT(describe(p) == describe(r));
  RC_ASSERT(p.scale == r.scale);
  RC_ASSERT(p.softcap == r.softcap);
  RC_ASSERT(p.want_lse == r.want_lse);
  expect_same_tensor(p.q, r.q);
  expect_same_tensor(p.k, r.k);
  expect_same_tensor(p.v, r.v);
  expect_same_optional(p.bias, r.bias);
  expect_same_optional(p.mask, r.mask);
  expect_same_optional(p.alibi_slopes, r.alibi_slopes);
  expect_same_optional(p.sink, r.sink);
  expect_same_optional(p.kv_lens, r.kv_lens);
  RC_ASSERT(p.out_strides == r.out_strides);
  RC_ASSERT(p.lse_strides == r.lse_strides);
  RC_ASSERT(p.q_is_k == r.q_is_k);
  RC_ASSERT(p.k_is_v == r.k_is_v);
  RC_ASSERT(features_of(p) == features_of(r));
}

CaseFile small_file() {
  CaseFile file;
  file.kernel = "plain";
  file.law = "definition";
  file.problem.q = Tensor(DType::f32, {1, 1, 1, 2});
  file.problem.k = Tensor(DType::f32, {1, 1, 3, 2});
  file.problem.v = Tensor(DType::f32, {1, 1, 3, 1});
  file.problem.v.assign({1, 0.1F, -0.0});
  return file;
}

TEST(CaseFile, KeepsEveryBit) {
  CaseFile file = small_file();
  std::vector<std::byte>& bytes = file.problem.v.bytes();
  const std::uint32_t odd_nan = 0xffc12345;
  std::memcpy(bytes.data(), &odd_nan, sizeof odd_nan);
  EXPECT_EQ(parse_case_file(format_case_file(file)).problem.v.bytes(), bytes);
  file.problem.v.set({0, 0, 0, 0}, std::nan(""));
  file.problem.v.set({0, 0, 1, 0}, HUGE_VAL);
  EXPECT_EQ(parse_case_file(format_case_file(file)).problem.v.bytes(), bytes);
}

TEST(CaseFile, WritesShortDecimalsThatAPersonCanRead) {
  const std::string text = format_case_file(small_file());
  EXPECT_NE(text.find("\"values\":[1.0,0.1,-0.0]"), std::string::npos) << text;
  EXPECT_EQ(text.find("bits"), std::string::npos);
  EXPECT_EQ(text.find("0x"), std::string::npos);
}

TEST(CaseFile, WritesLargeTensorsAsBits) {
  CaseFile file = small_file();
  file.problem.k = Tensor(DType::bf16, {1, 1, 5000, 2});
  file.problem.v = Tensor(DType::bf16, {1, 1, 5000, 1});
  file.problem.v.set({0, 0, 4999, 0}, -3);
  const std::string text = format_case_file(file);
  EXPECT_NE(text.find("\"bits\":\"0000"), std::string::npos);
  EXPECT_EQ(parse_case_file(text).problem.v.bytes(), file.problem.v.bytes());
}

struct Hostile {
  const char* title;
  std::string from, to;  ///< a replacement in a valid file
  std::string complaint;
};

class HostileCaseFile : public testing::TestWithParam<Hostile> {};

TEST_P(HostileCaseFile, IsRefusedWithAReasonInOneLine) {
  const Hostile& hostile = GetParam();
  std::string text = format_case_file(small_file());
  const std::size_t at = text.find(hostile.from);
  ASSERT_NE(at, std::string::npos) << hostile.from << " in " << text;
  text.replace(at, hostile.from.size(), hostile.to);
  try {
    parse_case_file(text);
    FAIL() << "accepted: " << text;
  } catch (const CaseFileError& error) {
    const std::string what = error.what();
    EXPECT_NE(what.find(hostile.complaint), std::string::npos) << what;
    EXPECT_EQ(what.find('\n'), std::string::npos) << what;
    EXPECT_LT(what.size(), 300U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    CaseFile, HostileCaseFile,
    testing::Values(
        Hostile{"NotJson", "{", "[", "not JSON"},
        Hostile{"OtherSchema", "attest.case/1", "attest.case/2", "schema"},
        Hostile{"UnknownMember", "\"kernel\"", "\"kernle\"", "kernle"},
        Hostile{"UnknownKind", "wrong-value", "wrong", "not a kind of finding"},
        Hostile{"NegativeSeed", "\"seed\": 0", "\"seed\": -1", "2^64"},
        Hostile{"RankOfFive", "\"shape\":[1,1,1,2]", "\"shape\":[1,1,1,1,2]", "at most 4"},
        Hostile{"HugeExtent", "\"shape\":[1,1,1,2]", "\"shape\":[1,1,1,9223372036854775807]",
                "problem.q.shape"},
        Hostile{"ProductOverflows", "\"shape\":[1,1,1,2]", "\"shape\":[67108864,67108864,67108864,67108864]",
                "more than"},
        Hostile{"MoreElementsThanValues", "\"shape\":[1,1,1,2]", "\"shape\":[1,1,1,60000000]",
                "array of 60000000 numbers"},
        Hostile{"NegativeExtent", "\"shape\":[1,1,1,2]", "\"shape\":[1,1,1,-2]", "from 0 to"},
        Hostile{"StridesThatOverlapFarApart", "\"shape\":[1,1,3,2],",
                "\"shape\":[1,1,3,2],\"strides\":[1,1,60000000,60000000],", "memory strides overlap"},
        Hostile{"StrideBeyondTheLimit", "\"shape\":[1,1,1,2],",
                "\"shape\":[1,1,1,2],\"strides\":[1,1,1,68719476737],", "from 0 to 68719476736"},
        Hostile{"SpanBeyondTheLimit", "\"shape\":[1,1,1,2],",
                "\"shape\":[1,1,1,2],\"strides\":[1,1,1,68719476736],", "more than 2^36 bytes"},
        Hostile{"SparseStorage", "\"shape\":[1,1,1,2],",
                "\"shape\":[1,1,1,2],\"strides\":[1,1,1,60000000],\"memory_strides\":[1,1,1,1],",
                "strides are too large"},
        Hostile{"MemoryStridesOfOtherRank", "\"shape\":[1,1,1,2],",
                "\"shape\":[1,1,1,2],\"memory_strides\":[1],", "another rank"},
        Hostile{"OverlappingMemoryStrides", "\"shape\":[1,1,3,2],",
                "\"shape\":[1,1,3,2],\"memory_strides\":[1,1,1,1],", "memory strides overlap"},
        Hostile{"OverlappingOutput", "\"q\": {\"dtype\":\"f32\",\"shape\":[1,1,1,2],\"values\":[0.0,0.0]}",
                "\"out_strides\":[9,9,0,1],\"q\": {\"dtype\":\"f32\",\"shape\":[1,1,2,2],"
                "\"values\":[0.0,0.0,0.0,0.0]}",
                "which overlap"},
        Hostile{"OutputStridesOfOtherRank", "\"want_lse\": true,",
                "\"want_lse\": true,\"lse_strides\":[1,1],", "lse has 2 strides"},
        Hostile{"OutputBeyondTheLimit", "\"want_lse\": true,",
                "\"want_lse\": true,\"out_strides\":[1,1,1,99999999999],", "from 0 to"},
        Hostile{"SharedInWords", "\"want_lse\": true,", "\"want_lse\": true,\"k_is_v\":\"yes\",",
                "true or false"},
        Hostile{"StridesOfOtherRank", "\"shape\":[1,1,1,2],", "\"shape\":[1,1,1,2],\"strides\":[1],",
                "1 strides"},
        Hostile{"EmptyCacheOfWideValues", "\"shape\":[1,1,3,1],\"values\":[1.0,0.1,-0.0]",
                "\"shape\":[1,1,0,60000000],\"values\":[]", "v has shape"},
        Hostile{"TooFewValues", "[1.0,0.1,-0.0]", "[1.0,0.1]", "array of 3 numbers"},
        Hostile{"TextForANumber", "[1.0,0.1,-0.0]", "[1.0,\"0.1\",-0.0]", "problem.v.values[1]"},
        Hostile{"InexactHexFloat", "[1.0,0.1,-0.0]", "[1.0,\"0x1.999999999999ap-4\",-0.0]", "exactly"},
        Hostile{"OverflowingValue", "[1.0,0.1,-0.0]", "[1.0,1e300,-0.0]", "overflows f32"},
        Hostile{"NumberBeyondDouble", "[1.0,0.1,-0.0]", "[1.0,1e999,-0.0]", "not JSON"},
        Hostile{"UnknownDtype", "\"dtype\":\"f32\"", "\"dtype\":\"f31\"", "must be one of"},
        Hostile{"IntegerQueries", "\"dtype\":\"f32\"", "\"dtype\":\"u8\"", "must be a float"},
        Hostile{"BitsOfOtherLength", "\"values\":[1.0,0.1,-0.0]", "\"bits\":\"00\"", "24 hex digits"},
        Hostile{"BitsThatAreNotHex", "\"values\":[1.0,0.1,-0.0]", "\"bits\":\"00000000zz00000000000000\"",
                "hex digit"},
        Hostile{"UnknownCausality", "\"none\"", "\"some\"", "top-left"},
        Hostile{"FractionalWindow", "\"window_left\": -1", "\"window_left\": 0.5", "must be an integer"},
        Hostile{"WindowBelowMinusOne", "\"window_left\": -1", "\"window_left\": -2", "window"},
        Hostile{"InvalidProblem", "\"shape\":[1,1,1,2]", "\"shape\":[1,1,2,1]", "k has shape"}),
    [](const testing::TestParamInfo<Hostile>& tested) { return std::string(tested.param.title); });

// What a kernel sees comes back; it is stored compactly.
TEST(CaseFile, ReadsSparseStridesWithoutStoringTheGaps) {
  std::string text = format_case_file(small_file());
  const std::string shape = "\"shape\":[1,1,3,2],";
  text.replace(text.find(shape), shape.size(), shape + "\"strides\":[6,6,2147483648,1],");
  const Tensor k = parse_case_file(text).problem.k;
  EXPECT_EQ(k.memory_strides(), (std::vector<std::int64_t>{6, 6, std::int64_t{1} << 31, 1}));
  EXPECT_EQ(k.bytes().size(), 6 * sizeof(float));
}

TEST(CaseFile, LimitsTheStorageOfAllTensorsTogether) {
  const Json json = tensor_to_json(Tensor(DType::f32, {2}));
  CaseSize size;
  size.bytes = kMaxCaseBytes - 8;
  EXPECT_EQ(tensor_from_json(json, "sink", size).count(), 2);
  EXPECT_EQ(size.bytes, kMaxCaseBytes);
  EXPECT_THROW(tensor_from_json(json, "sink", size), CaseFileError);
}

TEST(CaseFile, RefusesAnOutputOutOfProportion) {
  CaseFile file = small_file();
  file.problem.q = Tensor(DType::f32, {1, 1, 512, 1});
  file.problem.k = Tensor(DType::f32, {1, 1, 0, 1});
  file.problem.v = Tensor(DType::f32, {1, 1, 0, 1 << 16});
  EXPECT_THROW(parse_case_file(format_case_file(file)), CaseFileError);
}

RC_GTEST_PROP(CaseFile, NeverDoesWorseThanRefuseWhenBytesChange, ()) {
  std::string text = format_case_file(small_file());
  const int changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const std::string piece =
        *rc::gen::element<std::string>("", "9", "-", "[", "]", "{", "\"", ",", "e9", "null", "0");
    text.replace(at, *rc::gen::inRange<std::size_t>(0, 3), piece);
  }
  try {
    const CaseFile file = parse_case_file(text);
    RC_ASSERT(why_invalid(file.problem).empty());
  } catch (const CaseFileError& error) {
    RC_ASSERT(std::string(error.what()).find('\n') == std::string::npos);
  }
}

TEST(CaseFile, NamesThePathOfAFileThatCannotBeRead) {
  try {
    read_case_file("/nonexistent/case.json");
    FAIL();
  } catch (const CaseFileError& error) {
    EXPECT_NE(std::string(error.what()).find("/nonexistent/case.json"), std::string::npos);
  }
}

}  // namespace
}  // namespace attest::check
