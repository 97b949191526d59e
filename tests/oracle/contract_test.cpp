#include "oracle/contract/contract.hpp"

#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace attest::oracle {
namespace {

std::string error_of(const std::string& text) {
  try {
    parse_contract(text);
  } catch (const ContractError& error) {
    return error.what();
  }
  return "";
}

TEST(Contract, PresetsAreWhatTheDesignPromises) {
  EXPECT_EQ(contract_presets(), (std::vector<std::string_view>{"f64", "f32", "flash-bf16", "flash-f16",
                                                               "unfused-bf16", "unfused-f16"}));
  const Contract c = parse_contract("flash-bf16");
  EXPECT_EQ(c.numerator.format, kBinary32);
  EXPECT_EQ(c.probability.format, kBfloat16);
  EXPECT_FALSE(c.unfused);
  EXPECT_EQ(c.exp.relative, 8 * 0x1p-24);
}

TEST(Contract, FieldsOverrideThePreset) {
  const Contract c =
      parse_contract("f32; key_block=64 ;accumulate_score.order=block-fma:8;division=reciprocal;tau=8.5");
  EXPECT_EQ(c.key_block, 64);
  EXPECT_EQ(c.score.order, Order::block_fma);
  EXPECT_EQ(c.score.width, 8);
  EXPECT_EQ(c.score.unit_roundoff(), 0x1p-23);
  EXPECT_TRUE(c.reciprocal);
  EXPECT_EQ(c.tau, 8.5);
}

TEST(Contract, ErrorsNameTheFieldAndWhatWouldBeRight) {
  EXPECT_EQ(
      error_of("fp8"),
      "contract: no preset 'fp8' (there are f64, f32, flash-bf16, flash-f16, unfused-bf16, unfused-f16)");
  EXPECT_EQ(error_of("f32;exp=3"), "contract: no field 'exp' (see attest list contracts)");
  EXPECT_EQ(error_of("f32;key_block"), "contract: 'key_block' is not field=value");
  EXPECT_EQ(error_of("f32;key_block=0"), "contract: key_block: '0' is not a count >= 1");
  EXPECT_EQ(error_of("f32;tau=nan"), "contract: tau: 'nan' is not a finite number >= 0");
  EXPECT_EQ(error_of("f32;tau=1x"), "contract: tau: '1x' is not a finite number >= 0");
  EXPECT_EQ(error_of("f32;probability=f8"),
            "contract: probability: 'f8' is not a format (f64, f32, tf32, f16, bf16, e4m3, e5m2)");
  EXPECT_EQ(error_of("f32;accumulate_numerator=e4m3"),
            "contract: accumulate_numerator: 'e4m3' is not a format (f64, f32, f16, bf16)");
  EXPECT_EQ(error_of("f32;probability.scale=3"),
            "contract: probability.scale: '3' is not a power of two from 1 to 2^40");
  EXPECT_NE(error_of("f32;accumulate_score.order=block-fma:x"), "");
}

TEST(Contract, EveryFieldCanBeSet) {
  // The first value of each field's list (a number for the numeric ones) must parse: the list is what users
  // read.
  for (const ContractField& field : contract_fields()) {
    std::string value(field.values.substr(0, field.values.find('|')));
    if (value == "number") value = "0.5";
    if (value == "count" || value == "power of two") value = "2";
    EXPECT_EQ(error_of("f32;" + std::string(field.name) + "=" + value), "") << field.name;
  }
}

// Every value that a field's list shows, with numbers for what has no names.
std::vector<std::string> values_of(const ContractField& field) {
  if (field.values == "number") return {"0", "0.5", "1.9073486328125e-06"};
  if (field.values == "count") return {"1", "17"};
  if (field.values == "power of two") return {"1", "256"};
  std::vector<std::string> values;
  std::istringstream list{std::string(field.values)};
  for (std::string value; std::getline(list, value, '|');) {
    values.push_back(value == "block-fma:K" ? "block-fma:8"
                     : value == "K/V"       ? "q8_0/f16"
                     : value == "number"    ? "0.5"
                                            : value);
  }
  return values;
}

TEST(Contract, EveryValueOfEveryFieldPrintsAsItIsWritten) {
  for (const ContractField& field : contract_fields()) {
    std::set<std::string> printed;
    for (const std::string& value : values_of(field)) {
      const std::string assignment = std::string(field.name) + "=" + value;
      const Contract changed = with_fields(Contract{}, assignment);
      const std::string difference = differences(changed, Contract{});
      EXPECT_TRUE(difference == assignment || difference.empty()) << assignment << " prints " << difference;
      EXPECT_EQ(differences(with_fields(Contract{}, difference), changed), "") << assignment;
      printed.insert(difference);
    }
    EXPECT_EQ(printed.size(), values_of(field).size()) << field.name << ": two values are the same";
  }
}

TEST(Contract, FieldsChangeWhatTheyNameAlone) {
  const Contract base = parse_contract("unfused-bf16");
  for (const ContractField& field : contract_fields()) {
    for (const std::string& value : values_of(field)) {
      const Contract changed = with_fields(base, std::string(field.name) + "=" + value);
      const std::string difference = differences(changed, base);
      EXPECT_EQ(difference.find(';'), std::string::npos) << field.name << "=" << value << ": " << difference;
    }
  }
}

TEST(Contract, PresetsSayWhatTheySet) {
  EXPECT_EQ(preset_meaning("f32"), "sums in f32");
  EXPECT_EQ(preset_meaning("flash-bf16"), "sums in f32; probability=bf16");
  EXPECT_EQ(differences(parse_contract("unfused-f16"), parse_contract("f32")),
            "score.product=f16;score.scaled=f16;score.biased=f16;probability=f16;unfused=true");
  EXPECT_EQ(differences(parse_contract("f32"), Contract{}),
            "exp_rel=4.76837158203125e-07;tanh_rel=4.76837158203125e-07;tanh_abs=4.76837158203125e-07;"
            "log_rel=4.76837158203125e-07;log_abs=4.76837158203125e-07");
}

TEST(Contract, WithoutADeclarationTheLoosestPresetsOfTheNarrowestDtypeApply) {
  EXPECT_EQ(contract_for("", DType::f32, DType::f32).text, "f32");
  EXPECT_EQ(contract_for("", DType::f64, DType::f64).text, "f64");
  EXPECT_EQ(contract_for("", DType::f32, DType::bf16).text, "flash-bf16 | unfused-bf16");
  EXPECT_FALSE(contract_for("", DType::f16, DType::f16).declared);
}

TEST(Contract, ThePOfAPresetHasTheFormatOfTheValues) {
  const ContractSet set = contract_for("", DType::bf16, DType::f16);
  ASSERT_EQ(set.text, "flash-bf16 | unfused-bf16") << "scores and sums go by the narrower of the two";
  for (const Contract& c : set.alternatives) EXPECT_EQ(c.probability.format, kBinary16);
  EXPECT_EQ(contract_for("flash-bf16", DType::f16, DType::bf16).alternatives[0].probability.format,
            kBfloat16);
  EXPECT_EQ(contract_for("flash-bf16", DType::bf16, DType::f32).alternatives[0].probability.format, kBfloat16)
      << "wider values leave it as the preset has it";
  EXPECT_EQ(
      contract_for("flash-bf16;probability=bf16", DType::bf16, DType::f16).alternatives[0].probability.format,
      kBfloat16)
      << "a field is taken at its word";
  EXPECT_FALSE(contract_for("f32;probability=none", DType::f32, DType::f32).alternatives[0].probability);
}

TEST(Contract, AmongSeveralDeclaredTheOnesThatFitTheDtypesApply) {
  const std::string declared = "f32;division=reciprocal | flash-f16;key_block=4 | unfused-f16";
  EXPECT_EQ(contract_for(declared, DType::f32, DType::f32).text, "f32;division=reciprocal");
  const ContractSet half = contract_for(declared, DType::f16, DType::f16);
  EXPECT_EQ(half.text, "flash-f16;key_block=4 | unfused-f16");
  EXPECT_TRUE(half.declared);
  // None fits bf16: the kernel declared nothing about it.
  EXPECT_FALSE(contract_for(declared, DType::bf16, DType::bf16).declared);
}

}  // namespace
}  // namespace attest::oracle
