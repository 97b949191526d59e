// What a campaign's report says of the problems that the kernel takes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace attest::check {

/// A form of the operator: a combination of its attributes and optional inputs.
struct FormReport {
  std::string name;           ///< attributes joined by "; "
  std::int64_t answered = 0;  ///< problems, of which ...
  std::int64_t broken = 0;    ///< ... so many broke a law
  std::int64_t declined = 0;
  std::string why_declined{};  ///< in the library's words; empty: no problem drawn for it can be asked so
};

struct RegionReport {
  std::int64_t calls = 0;  ///< that exploration put to the kernel; 0: nothing was explored

  std::vector<std::string> dtypes;    ///< accepted: "f32", "f32 with k and v in bf16"
  std::vector<std::string> features;  ///< accepted options: "causal=top-left", "lse", ...
  std::vector<std::string> needs;     ///< options without which it takes nothing: "kv_lens"
  std::vector<std::string> lengths;   ///< accepted relations of q_len and kv_len
  /// Extents and what they may be: {"head dim", "64, 128"}. Those that may be anything are left out.
  std::vector<std::pair<std::string, std::string>> extents;
  std::vector<std::pair<std::string, std::string>> apart;  ///< declined together, each accepted alone
  /// Declined where a problem that differs in nothing else was accepted.
  std::vector<std::string> declines;
  /// Neither accepted nor declined so far, or accepted and met by no case.
  std::vector<std::string> not_examined;
  std::vector<std::pair<std::string, std::int64_t>>
      largest;                    ///< extents of answered cases: {"kv_len", 65539}
  std::vector<FormReport> forms;  ///< of an operator with several; empty: not asked for
};

/// "f16, bf16; head dims 64, 128; kv_len multiples of 64; causal only".
std::string accepts_text(const RegionReport& report);

}  // namespace attest::check
