// --require-bitwise: laws that compare two runs, as demands for equal bits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "check/record/kernel_report.hpp"

namespace attest::cli {

/// The laws of "batch,decode,repeat": batch (batch invariance), decode (decode = prefill), chunk (blocks),
/// threads (thread invariance), run (repeat), or a law by its name. Throws std::invalid_argument for another
/// word.
std::vector<std::string> bitwise_laws_from(const std::string& words);

/// What became of one demand on one kernel.
struct RequiredBits {
  std::string law;
  enum class Answer : std::uint8_t { equal, other, not_shown } answer = Answer::equal;
  std::string why;  ///< empty where every case had equal bits
};

/// `other` where bits differed or the law is broken, `not_shown` where no case could show it.
std::vector<RequiredBits> required_bits(const check::KernelReport& report,
                                        const std::vector<std::string>& laws);

/// One line a demand.
std::string required_bits_text(const std::vector<RequiredBits>& results);
/// "equal" is null where no case could show it.
nlohmann::ordered_json required_bits_json(const std::vector<RequiredBits>& results);

}  // namespace attest::cli
