#include "prove/prove.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "prove/smt2_files.hpp"

namespace attest::prove {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kOutOfReachSeconds = 3;  // for a goal that no solver is expected to decide

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

ProofVerdict verdict_of(Answer negated_goal) {
  switch (negated_goal) {
    case Answer::unsat:
      return ProofVerdict::proved;
    case Answer::sat:
      return ProofVerdict::refuted;
    case Answer::timeout:
      return ProofVerdict::timeout;
    case Answer::unknown:
      return ProofVerdict::unknown;
  }
  return ProofVerdict::unknown;
}

// Clauses that have an invariant (sat) keep what the theorem says; derived false (unsat) is a counterexample.
Answer opposite(Answer clauses) {
  return clauses == Answer::sat ? Answer::unsat : clauses == Answer::unsat ? Answer::sat : clauses;
}

// One question to a solver; what it writes to belongs to it alone.
struct Question {
  double cost;
  std::size_t theorem;
  std::function<void()> ask;
};

void add_goals(const Theorem& theorem, const Obligation& obligation, const ProveOptions& options,
               TheoremReport& report, const std::function<void(std::function<void()>)>& add) {
  const Limits cvc5{std::min(options.cvc5.seconds, theorem.cvc5_seconds), options.cvc5.seed};
  const Limits z3{
      theorem.out_of_reach.empty() ? options.z3.seconds : std::min(options.z3.seconds, kOutOfReachSeconds),
      options.z3.seed};
  report.goals.resize(obligation.goals.size());
  for (std::size_t i = 0; i < obligation.goals.size(); ++i) {
    const Goal& goal = obligation.goals[i];
    GoalReport& result = report.goals[i];
    result.name = goal.name;
    if (goal.method == Method::horn) {
      add([&] { result.z3 = verdict_of(opposite(ask_spacer(goal.script, options.z3))); });
    } else if (goal.method == Method::gappa) {
      add([&] { result.gappa = verdict_of(ask_gappa(goal.script, options.cvc5)); });
    } else {
      if (options.solvers != SolverChoice::cvc5)
        add([&, z3] { result.z3 = verdict_of(ask_z3(goal.script, z3)); });
      if (options.solvers != SolverChoice::z3)
        add([&, cvc5] { result.cvc5 = verdict_of(ask_cvc5(goal.script, cvc5)); });
    }
  }
}

// What is proved is what runs: a model of the hypotheses, run on numbers, must not fail a goal (conclude).
void check_hypotheses(const Theorem& theorem, const Obligation& obligation, const ProveOptions& options,
                      TheoremReport& report) {
  const ModelAnswer model = obligation.hypotheses_method == Method::horn
                                ? ModelAnswer{opposite(ask_spacer(obligation.hypotheses, options.z3)), {}}
                                : ask_z3_for_model(obligation.hypotheses, obligation.variables, options.z3);
  report.hypotheses = model.answer;
  if (model.answer != Answer::sat) return;
  const Replay replay = theorem.statement.replay(model.model);
  if (replay.hypotheses_hold) report.failed_on_numbers = replay.failed;
  report.witness_replayed = replay.hypotheses_hold && replay.failed.empty();
}

// Spacer and Gappa show no numbers, and a model of unknown operations has none: what is not proved there is
// refuted by a counterexample that was searched.
ModelAnswer counterexample(const Goal& goal, const Obligation& obligation, const ProveOptions& options) {
  if (goal.method == Method::smt && !goal.search)
    return ask_z3_for_model(goal.script, obligation.variables, options.z3);
  const Answer answer = goal.method == Method::smt    ? ask_z3(goal.script, options.z3)
                        : goal.method == Method::horn ? opposite(ask_spacer(goal.script, options.z3))
                                                      : ask_gappa(goal.script, options.cvc5);
  if (answer == Answer::unsat) return {answer, {}};
  Model model = goal.search ? goal.search(options.z3.seconds, options.z3.seed) : Model{};
  if (model.empty()) return {answer == Answer::sat ? Answer::unknown : answer, {}};
  return {Answer::sat, std::move(model)};
}

TwinReport refute(const Twin& twin, const Obligation& obligation, const ProveOptions& options) {
  TwinReport report{twin.name, ProofVerdict::proved, {}, {}, false};
  for (const Goal& goal : obligation.goals) {
    ModelAnswer answer = counterexample(goal, obligation, options);
    report.verdict = worse(report.verdict, verdict_of(answer.answer));
    if (answer.answer != Answer::sat) continue;
    const Replay replay = twin.statement.replay(answer.model);
    const bool fails =
        std::find(replay.failed.begin(), replay.failed.end(), goal.name) != replay.failed.end();
    report.goal = goal.name;
    report.model = std::move(answer.model);
    report.replayed = replay.hypotheses_hold && fails;
    return report;
  }
  return report;
}

void include(std::optional<ProofVerdict>& whole, std::optional<ProofVerdict> part) {
  if (part) whole = whole ? worse(*whole, *part) : *part;
}

void conclude(TheoremReport& report) {
  report.verdict = ProofVerdict::proved;
  for (const GoalReport& goal : report.goals) {
    require_agreement(report.name, goal);
    include(report.z3, goal.z3);
    include(report.cvc5, goal.cvc5);
    include(report.gappa, goal.gappa);
    const ProofVerdict verdict = goal.gappa ? *goal.gappa : combined(goal.z3, goal.cvc5);
    const auto& failed = report.failed_on_numbers;
    const bool fails = std::find(failed.begin(), failed.end(), goal.name) != failed.end();
    if (fails && verdict == ProofVerdict::proved)
      throw SolverDisagreement(fmt::format("{}: '{}' fails on numbers", report.name, goal.name));
    report.verdict = worse(report.verdict, fails ? ProofVerdict::refuted : verdict);
  }
  if (report.goals.empty() || report.hypotheses == Answer::unsat) report.verdict = ProofVerdict::vacuous;
  // Hypotheses of unknown standing prove nothing yet.
  if (report.hypotheses == Answer::unknown) report.verdict = worse(report.verdict, ProofVerdict::unknown);
  if (report.hypotheses == Answer::timeout) report.verdict = worse(report.verdict, ProofVerdict::timeout);
}

// Answers all questions, the costliest theorem's first, and adds the time of each to its theorem.
void answer(std::vector<Question>& questions, const ProveOptions& options,
            std::vector<TheoremReport>& reports) {
  std::stable_sort(questions.begin(), questions.end(),
                   [](const Question& a, const Question& b) { return a.cost > b.cost; });
  const auto start = Clock::now();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  ProveProgress progress{0, questions.size(), 0};
  std::exception_ptr error;
  const auto work = [&] {
    for (std::size_t at = next++; at < questions.size(); at = next++) {
      const auto began = Clock::now();
      std::exception_ptr thrown;
      try {
        questions[at].ask();
      } catch (...) {
        thrown = std::current_exception();
      }
      const std::lock_guard<std::mutex> lock(mutex);
      if (thrown && !error) error = thrown;
      if (error) return;
      reports[questions[at].theorem].seconds += seconds_since(began);
      ++progress.done;
      progress.seconds = seconds_since(start);
      if (options.progress) options.progress(progress);
    }
  };
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < options.jobs; ++i) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace

void require_agreement(const std::string& theorem, const GoalReport& goal) {
  if (!goal.z3 || !goal.cvc5) return;
  const auto opposite = [&](ProofVerdict a, ProofVerdict b) { return goal.z3 == a && goal.cvc5 == b; };
  if (opposite(ProofVerdict::proved, ProofVerdict::refuted) ||
      opposite(ProofVerdict::refuted, ProofVerdict::proved))
    throw SolverDisagreement(fmt::format("{}: Z3 says '{}' is {}, cvc5 says {}", theorem, goal.name,
                                         name_of(*goal.z3), name_of(*goal.cvc5)));
}

ProofVerdict combined(std::optional<ProofVerdict> z3, std::optional<ProofVerdict> cvc5) {
  if (!z3 || !cvc5) return z3 ? *z3 : cvc5.value_or(ProofVerdict::unknown);
  if (*z3 == ProofVerdict::refuted || *cvc5 == ProofVerdict::refuted) return ProofVerdict::refuted;
  return std::min(*z3, *cvc5);  // the better of proved, timeout, unknown
}

std::vector<TheoremReport> prove(const std::vector<Theorem>& theorems, const ProveOptions& options) {
  if (options.solvers != SolverChoice::z3 && cvc5_version().empty())
    throw SolverError("cvc5 is not installed (Debian package cvc5); --solver z3 works without it");
  std::vector<TheoremReport> reports(theorems.size());
  std::vector<Obligation> obligations, twins;
  for (const Theorem& theorem : theorems) {
    obligations.push_back(theorem.statement.obligation());
    twins.push_back(theorem.twin.statement.obligation());
    if (!options.smt2.empty()) write_smt2(options.smt2, theorem, obligations.back(), twins.back());
  }
  const auto by_gappa = [](const Obligation& o) {
    return std::any_of(o.goals.begin(), o.goals.end(),
                       [](const Goal& g) { return g.method == Method::gappa; });
  };
  if (std::any_of(obligations.begin(), obligations.end(), by_gappa) && gappa_version().empty())
    throw SolverError("Gappa is not installed (Debian package gappa)");
  std::vector<Question> questions;
  for (std::size_t i = 0; i < theorems.size(); ++i) {
    const Theorem& theorem = theorems[i];
    TheoremReport& report = reports[i];
    report.name = theorem.name;
    report.sentence = theorem.sentence;
    report.numbers = theorem.numbers;
    report.semantics = theorem.semantics;
    report.code = theorem.code;
    report.out_of_reach = theorem.out_of_reach;
    const auto add = [&](std::function<void()> ask) {
      questions.push_back({theorem.cost, i, std::move(ask)});
    };
    add_goals(theorem, obligations[i], options, report, add);
    add([&, i] { check_hypotheses(theorems[i], obligations[i], options, reports[i]); });
    add([&, i] { reports[i].twin = refute(theorems[i].twin, twins[i], options); });
  }
  answer(questions, options, reports);
  for (TheoremReport& report : reports) conclude(report);
  return reports;
}

bool as_expected(const TheoremReport& report) {
  const bool undecided = report.verdict == ProofVerdict::timeout || report.verdict == ProofVerdict::unknown;
  const bool stands = report.verdict == ProofVerdict::proved || (!report.out_of_reach.empty() && undecided);
  return stands && report.twin.verdict == ProofVerdict::refuted && report.twin.replayed;
}

}  // namespace attest::prove
