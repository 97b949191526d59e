// Findings in records of shards: what a case file has, and what joins findings.
#pragma once

#include "check/record/finding.hpp"
#include "check/record/inferred.hpp"
#include "check/shard/record_io.hpp"

namespace attest::check {

template <>
inline constexpr std::int64_t kLast<DType> = static_cast<std::int64_t>(DType::bf16);
template <>
inline constexpr std::int64_t kLast<RelaxationClass> = static_cast<std::int64_t>(RelaxationClass::narrower);
void visit(RecordWriter& archive, const faults::Diagnosis& d);
void visit(RecordReader& archive, faults::Diagnosis& d);
void visit(RecordWriter& archive, const faults::Evidence& e);
void visit(RecordReader& archive, faults::Evidence& e);
void visit(RecordWriter& archive, const Finding& f);
void visit(RecordReader& archive, Finding& f);

}  // namespace attest::check
