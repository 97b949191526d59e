// The parts of a case file as JSON: numbers and tensors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/case_file/case_file.hpp"
#include "problem/signature.hpp"

namespace attest::check {

using Json = nlohmann::ordered_json;

/// What an element has for a channel in a case file where its output has one number a row: that of lse.
inline constexpr std::int64_t kNoChannel = -1;

/// The member that holds an output's strides in a kernel's memory: "out_strides".
inline std::string strides_member(const OutputTensor& output) {
  return std::string(output.name) + "_strides";
}

/// Throws CaseFileError("case file: <where> <what>").
[[noreturn]] void bad_case(const std::string& where, const std::string& what);

/// A value for a message: short, and "an array" or "an object" for these.
std::string what_is(const Json& json);

/// A number as a short decimal that the dtype rounds back to it, else a hex float; "nan", "inf", "-inf".
Json number_to_json(double x, DType dtype);
/// Numbers are rounded to the dtype; text must be exact in it. Throws CaseFileError.
double number_from_json(const Json& json, DType dtype, const std::string& where);

Json tensor_to_json(const Tensor& tensor);

/// What the tensors read so far hold.
struct CaseSize {
  std::int64_t elements = 0;  ///< given in the text
  std::int64_t bytes = 0;     ///< of storage
};
/// Adds the tensor to `size`. Strides too sparse to be stored spread the tensor. Throws CaseFileError before
/// it allocates anything out of proportion.
Tensor tensor_from_json(const Json& json, const std::string& where, CaseSize& size);
/// An array of at most 4 integers from 0 to `most`.
std::vector<std::int64_t> integers_member(const Json& object, const char* name, const std::string& where,
                                          std::int64_t most);

/// The member, which must exist. Throws CaseFileError.
const Json& member(const Json& object, const char* name, const std::string& where);
std::string text_member(const Json& object, const char* name, const std::string& where);
std::int64_t integer_member(const Json& object, const char* name, const std::string& where);
/// Throws CaseFileError unless json is an object with no other members than these.
void require_members(const Json& json, const std::vector<std::string_view>& names, const std::string& where);

}  // namespace attest::check
