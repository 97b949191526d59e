#include "mutants/examine.hpp"

#include <algorithm>
#include <cstdio>
#include <new>
#include <random>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attention/mutant.hpp"
#include "drawn_points.hpp"
#include "numerics/draw.hpp"
#include "prove/solver.hpp"

namespace attest::prove {
namespace {

constexpr unsigned kBlindDraws = 400;

constexpr rlim_t kSecondsOfCpu = 20;
constexpr rlim_t kMostMemory = rlim_t{4} << 30U;

// What the process of a mutant leaves behind. The mutant may have written anything to it.
struct Shared {
  std::size_t theorem, goal;  // where it is, or what it refutes
  bool replayed, refuted, disproved, done;
};

bool runs_attention(const Theorem& theorem) {
  return theorem.code.find(".hpp: ") != std::string::npos && theorem.code != kByTraces;
}

// Small numbers, so that ties and zeros are met; of the style that `kind` says.
std::string number_text(std::uint64_t random, unsigned kind, bool whole) {
  static const std::vector<std::string> kSmall{"1", "2", "3", "4", "5", "6", "7", "8", "9"};
  static const std::vector<std::string> kTies{"1", "2"};
  static const std::vector<std::string> kAny{"0", "1", "-1", "2", "-2", "1", "3", "-3", "5"};
  static const std::vector<std::string> kParts{"1/2", "3/2", "1/3", "2", "7/3", "5", "1", "9/4", "3"};
  static const std::vector<std::string> kUnit{"0", "0.1", "0.25", "0.5", "0.7", "1"};
  const auto& set = kind == 0 ? kSmall : kind == 1 ? kTies : kind == 2 ? kAny : whole ? kUnit : kParts;
  return set[random % set.size()];
}

Model point(const Obligation& obligation, bool floats, unsigned kind, std::uint64_t& seed) {
  const std::string scripts = obligation.hypotheses + obligation.goals.back().script;
  Model model;
  for (const std::string& name : obligation.variables) {
    const std::uint64_t random = random_below(seed++, 1U << 20);
    const bool exponential = floats && name.compare(0, 3, "exp") == 0;
    const std::string number = exponential ? number_text(random, 3, true) : number_text(random, kind, floats);
    model.emplace_back(name, !is_truth(scripts, name) ? number : random % 2 == 0 ? "true" : "false");
  }
  return model;
}

// Adds the point if it keeps the hypotheses. The right program must keep every goal there.
void add_point(Examination& examination, Model model) {
  const Theorem& theorem = examination.theorem;
  const Replay replay = theorem.statement.replay(model);
  if (!replay.hypotheses_hold) return;
  if (!replay.failed.empty())
    throw std::runtime_error(fmt::format("{}: '{}' is false", theorem.name, replay.failed[0]));
  examination.points.push_back(std::move(model));
}

// Points are drawn blindly; where too few keep the hypotheses, as where they equate variables, with Z3's
// help.
Examination examination(const Theorem& theorem, std::size_t points, std::uint64_t seed) {
  Examination result{theorem, theorem.statement.obligation(), {}};
  std::mt19937_64 random(seed);
  const bool floats = theorem.numbers != NumberKind::real;
  for (unsigned draw = 0; draw < kBlindDraws && result.points.size() < points; ++draw)
    add_point(result, point(result.obligation, floats, draw % 4, seed));
  for (unsigned draw = 0; draw < 3 && result.points.empty() && theorem.numbers == NumberKind::real; ++draw)
    add_point(result, drawn_within(result.obligation, random));
  if (result.points.empty()) throw std::runtime_error(theorem.name + ": no point keeps its hypotheses");
  return result;
}

std::size_t goal_called(const Obligation& obligation, const std::string& name) {
  const auto called = [&](const Goal& goal) { return goal.name == name; };
  return static_cast<std::size_t>(std::find_if(obligation.goals.begin(), obligation.goals.end(), called) -
                                  obligation.goals.begin());
}

// Sets `others` where the mutant has other hypotheses, as where it calls unknown functions in another order.
bool replay_refutes(const Examination& examination, Shared& shared, bool& others) {
  for (const Model& model : examination.points) {
    const Replay replay = examination.theorem.statement.replay(model);
    others = others || !replay.hypotheses_hold;
    if (!replay.hypotheses_hold || replay.failed.empty()) continue;
    shared.goal = goal_called(examination.obligation, replay.failed.front());
    return true;
  }
  return false;
}

// Goals that the mutant changes; a goal's script does not depend on what the process did before.
bool solver_refutes(const Examination& examination, Shared& shared) {
  const Obligation changed = examination.theorem.statement.obligation();
  const std::vector<Goal>& right = examination.obligation.goals;
  for (std::size_t i = 0; i < changed.goals.size(); ++i) {
    shared.goal = i;
    if (i < right.size() && changed.goals[i].script == right[i].script) continue;
    if (ask_z3(changed.goals[i].script, {5, 1}) == Answer::sat) return true;
  }
  return false;
}

void run(int number, const std::vector<Examination>& examinations, Shared& shared) {
  const rlimit seconds{kSecondsOfCpu, RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &seconds);
  const rlimit memory{kMostMemory, kMostMemory};
  setrlimit(RLIMIT_AS, &memory);
  mutants::active = number;
  std::vector<std::size_t> for_solver;
  for (std::size_t i = 0; i < examinations.size(); ++i) {
    shared.theorem = i;
    bool others = examinations[i].theorem.numbers == NumberKind::terms;
    shared.refuted = replay_refutes(examinations[i], shared, others);
    if (shared.refuted) return;
    if (others) for_solver.push_back(i);
  }
  shared.replayed = true;
  for (const std::size_t i : for_solver) {
    shared.theorem = i;
    shared.disproved = solver_refutes(examinations[i], shared);
    if (shared.disproved) return;
  }
}

// A process that ran all points and then left Z3 unfinished refuted nothing.
Fate fate_of(const Shared& shared) {
  if (shared.refuted) return Fate::refuted;
  if (shared.disproved) return Fate::disproved;
  return shared.done || shared.replayed ? Fate::survived : Fate::stopped;
}

}  // namespace

const char* name_of(Fate fate) {
  switch (fate) {
    case Fate::refuted:
      return "refuted";
    case Fate::stopped:
      return "stopped";
    case Fate::disproved:
      return "disproved";
    case Fate::survived:
      break;
  }
  return "survived";
}

std::vector<Examination> examinations(const std::vector<Theorem>& theorems, std::size_t points,
                                      std::uint64_t seed) {
  std::vector<Examination> result;
  for (const Theorem& theorem : theorems)
    if (runs_attention(theorem)) result.push_back(examination(theorem, points, seed));
  return result;
}

Finding examine(int number, const std::vector<Examination>& examinations) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no shared memory");
  Shared& shared = *new (memory) Shared{};
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(3);
    run(number, examinations, shared);
    shared.done = true;
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Finding finding{fate_of(shared), "", ""};
  if (finding.fate != Fate::survived && shared.theorem < examinations.size()) {
    const Examination& each = examinations[shared.theorem];
    finding.theorem = each.theorem.name;
    if (finding.fate != Fate::stopped && shared.goal < each.obligation.goals.size())
      finding.goal = each.obligation.goals[shared.goal].name;
  }
  munmap(memory, sizeof(Shared));
  return finding;
}

}  // namespace attest::prove
