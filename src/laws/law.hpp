// A law of attention as data: its statement, when it applies, what to run beside the problem itself, and the
// relation that the results must satisfy. Each is written once and used by the campaign, by replays, by the
// properties of attest's own forms, and by the mutation study.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "laws/finding_kind.hpp"
#include "laws/statements.hpp"
#include "laws/subject.hpp"

namespace attest::laws {

/// From a place of a call's result to one of the base result.
using PlaceMap = std::function<std::optional<Place>(const Place&)>;

/// A call that a law makes beside the base call.
struct Call {
  std::string variant;  ///< what differs from the base call, for a person: "dominating logits"
  Problem problem;
  std::byte prefill{0xff};
  std::byte fresh_memory{0xfe};  ///< as in RunOptions
  /// Where the base result holds what the law compares with a place of the call's result; none: nowhere.
  /// Empty: at the same place.
  PlaceMap counterpart{};
  double factor = 1;        ///< of the call's outputs to their counterparts
  bool same_number = true;  ///< false: only the rows correspond, not their numbers
  /// Places of the base result whose number the call may change nevertheless; empty: none.
  std::function<bool(const Place&)> changes{};
  int threads = 0;  ///< 0: as many as the base call
};

/// How a law was broken.
struct Breach {
  FindingKind kind = FindingKind::wrong_value;
  std::string variant;                    ///< of the call that showed it; empty: the base call alone
  std::vector<oracle::Element> elements;  ///< the worst first, at most kWorstElements
  std::string summary;                    ///< one sentence a kernel author can act on, without a final period
  std::optional<Problem> culprit{};       ///< a call whose own result is outside its bound, so that the law
                                          ///< "definition" alone shows the fault on it
  kernel::CrashSite crash{};              ///< of the call that showed it
  std::vector<std::string> printed{};     ///< by that call, as in RunOutcome
};
inline constexpr std::size_t kWorstElements = 8;

struct Relation {
  std::optional<Breach> breach;      ///< none: the law holds
  std::optional<bool> bitwise;       ///< did the runs agree bit for bit; none: no two runs were compared
  std::vector<std::string> notes{};  ///< behaviour worth reporting that breaks nothing
};

/// Results of the calls, none where the kernel declined the call or was not asked.
using CallResults = std::vector<std::optional<Result>>;

/// A law of so small a share costs much: it gets no more cases than its share.
inline constexpr double kCostlyShare = 0.02;

struct Law {
  LawId id{};
  std::string_view name = statement_of(id).name;
  std::string_view statement = statement_of(id).sentence;
  std::string_view on_kernels{};  ///< "certified bound", "bit for bit", ...: what is required of a kernel

  /// Empty when the law says something about this problem under this contract, else why it does not.
  std::string (*why_not)(const Problem& problem, const oracle::ContractSet& contract) = nullptr;

  /// A problem close to the given one to which the law applies, drawn from the seed; none when there is none.
  /// Null: the law takes problems as they come. What it returns still has to pass why_not.
  std::optional<Problem> (*prepare)(const Problem& problem, std::uint64_t seed) = nullptr;

  /// Null: the base call is enough.
  std::vector<Call> (*calls)(const Problem& problem, const oracle::ContractSet& contract) = nullptr;

  /// Precondition: the base call and every call with a result answered ok.
  Relation (*relate)(Subject& subject, const std::vector<Call>& calls, const CallResults& results) = nullptr;

  /// The share of cases that a campaign puts the law to: what its calls cost, against how often it applies.
  double share = 1;

  /// Asked alone, the law wants a process that no earlier call has been in.
  bool fresh = false;

  /// A base call that gives no result breaks this law, and leaves the others undecided.
  bool wants_answer = false;

  /// What many more calls show, where the law held and the caller asks for them; null: no more than the
  /// others did. Stops at the first breach.
  std::optional<Breach> (*endure)(Subject& subject, std::int64_t calls) = nullptr;

  /// A declined base call breaks this law.
  bool wants_taken = false;

  /// Of a law that prepares its own problem: the family "exact lattice" draws problems that it applies to as
  /// they are, so that it is put to them too.
  bool meets_lattice = true;
};

/// The laws of the forward operation (laws/operation.hpp), in the order of reports: of laws.def.
const std::vector<Law>& kernel_laws();
/// A law on kernels by its name, for names that come from outside. Null when there is no such law.
const Law* find_law(std::string_view name);
/// Precondition: it is a law on kernels.
const Law& law_of(LawId id);

}  // namespace attest::laws
