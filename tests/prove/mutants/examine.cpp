#include "mutants/examine.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
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

using Clock = std::chrono::steady_clock;

constexpr unsigned kBlindDraws = 400;

// What the process of a mutant leaves behind: where it is, and what it found.
struct Shared {
  char theorem[64], goal[256];
  bool refuted, disproved, noticed, done;
};

void put(char* to, std::size_t size, const std::string& text) { std::strncpy(to, text.c_str(), size - 1); }

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
  const Theorem& theorem = *examination.theorem;
  const Replay replay = theorem.statement.replay(model);
  if (!replay.hypotheses_hold) return;
  if (!replay.failed.empty())
    throw std::runtime_error(fmt::format("{}: '{}' is false", theorem.name, replay.failed[0]));
  examination.points.push_back(std::move(model));
}

// Points are drawn blindly; where too few keep the hypotheses, as where they equate variables, with Z3's
// help.
Examination examination(const Theorem& theorem, std::size_t points, std::uint64_t seed) {
  Examination result{&theorem, theorem.statement.obligation(), {}};
  std::mt19937_64 random(seed);
  const bool floats = theorem.numbers != NumberKind::real;
  for (unsigned draw = 0; draw < kBlindDraws && result.points.size() < points; ++draw)
    add_point(result, point(result.obligation, floats, draw % 4, seed));
  for (unsigned draw = 0; draw < 3 && result.points.empty() && theorem.numbers == NumberKind::real; ++draw)
    add_point(result, drawn_within(result.obligation, random));
  if (result.points.empty()) throw std::runtime_error(theorem.name + ": no point keeps its hypotheses");
  return result;
}

bool replay_refutes(const Examination& examination, Shared& shared) {
  for (const Model& model : examination.points) {
    const Replay replay = examination.theorem->statement.replay(model);
    if (!replay.hypotheses_hold || replay.failed.empty()) continue;
    put(shared.goal, sizeof shared.goal, replay.failed.front());
    return true;
  }
  return false;
}

// Goals that the mutant changes; a goal's script does not depend on what the process did before.
bool solver_refutes(const Examination& examination, double seconds, Shared& shared) {
  const Obligation changed = examination.theorem->statement.obligation();
  const std::vector<Goal>& right = examination.obligation.goals;
  for (std::size_t i = 0; i < changed.goals.size(); ++i) {
    if (i < right.size() && changed.goals[i].script == right[i].script) continue;
    shared.noticed = true;
    if (seconds <= 0) continue;
    put(shared.goal, sizeof shared.goal, changed.goals[i].name);
    if (ask_z3(changed.goals[i].script, {seconds, 1}) == Answer::sat) return true;
  }
  return false;
}

void run(int number, const std::vector<Examination>& examinations, double solver_seconds, Shared& shared) {
  const rlimit limit{static_cast<rlim_t>(solver_seconds > 0 ? 60 : 8), RLIM_INFINITY};
  setrlimit(RLIMIT_CPU, &limit);
  const rlimit memory{4UL << 30U, 4UL << 30U};
  setrlimit(RLIMIT_AS, &memory);
  mutants::active = number;
  for (const Examination& each : examinations) {
    put(shared.theorem, sizeof shared.theorem, each.theorem->name);
    shared.refuted = replay_refutes(each, shared);
    if (shared.refuted) return;
  }
  if (solver_seconds <= 0) return;
  const auto start = Clock::now();
  for (const Examination& each : examinations) {
    put(shared.theorem, sizeof shared.theorem, each.theorem->name);
    const double spent = std::chrono::duration<double>(Clock::now() - start).count();
    shared.disproved = solver_refutes(each, spent > 20 ? 0 : solver_seconds, shared);
    if (shared.disproved) return;
  }
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
  std::vector<std::pair<double, Examination>> timed;
  for (const Theorem& theorem : theorems) {
    if (!runs_attention(theorem)) continue;
    Examination each = examination(theorem, points, seed);
    const auto start = Clock::now();
    for (const Model& model : each.points) theorem.statement.replay(model);
    timed.emplace_back(std::chrono::duration<double>(Clock::now() - start).count(), std::move(each));
  }
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Examination> result;
  for (auto& [seconds, each] : timed) result.push_back(std::move(each));
  return result;
}

Finding examine(int number, const std::vector<Examination>& examinations, double solver_seconds) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::runtime_error("no shared memory");
  Shared& shared = *new (memory) Shared{};
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(3);
    run(number, examinations, solver_seconds, shared);
    shared.done = true;
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Finding finding{Fate::survived, shared.theorem, shared.goal, shared.noticed};
  finding.fate = !shared.done       ? Fate::stopped
                 : shared.refuted   ? Fate::refuted
                 : shared.disproved ? Fate::disproved
                                    : Fate::survived;
  if (finding.fate == Fate::survived) finding.theorem.clear();
  if (finding.fate == Fate::survived || finding.fate == Fate::stopped) finding.goal.clear();
  munmap(memory, sizeof(Shared));
  return finding;
}

}  // namespace attest::prove
