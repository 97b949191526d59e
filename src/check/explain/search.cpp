#include "check/explain/search.hpp"

#include <algorithm>

namespace attest::check {
namespace {

class Search {
 public:
  Search(DType q, DType kv, const Relaxations& adopted, const Ask& ask) : adopted_(adopted), ask_(ask) {
    for (const Relaxation& relaxation : relaxations()) {
      if (relaxation.applies(q, kv)) rows_.push_back(&relaxation);
    }
  }

  std::optional<Relaxations> least(RelaxationClass most) {
    rows_of_class_.clear();
    for (const Relaxation* row : rows_) {
      if (most == RelaxationClass::narrower || row->kind == RelaxationClass::ordinary)
        rows_of_class_.push_back(row);
    }
    most_ = most;
    if (!all_together_hold()) return std::nullopt;
    for (const auto step : {&Search::single, &Search::one_more, &Search::smallest_set}) {
      if (auto found = (this->*step)()) return found;
    }
    return std::nullopt;
  }

 private:
  // Fields only ever allow more, apart from those that two rows set: the later row counts, so both orders are
  // tried. What breaks under all of them breaks under each.
  bool all_together_hold() {
    all_ = rows_of_class_;
    if (ask_(all_) != Explained::wrong) return true;
    std::reverse(all_.begin(), all_.end());
    return ask_(all_) != Explained::wrong;
  }

  // Those of a lower class were tried before.
  bool explains(const Relaxations& candidate) const {
    return kind_of(candidate) == most_ && ask_(candidate) == Explained::right;
  }

  std::optional<Relaxations> single() const {
    for (const Relaxation* row : rows_of_class_) {
      if (explains({row})) return Relaxations{row};
    }
    return std::nullopt;
  }

  std::optional<Relaxations> one_more() const {
    if (adopted_.empty()) return std::nullopt;
    for (const Relaxation* row : rows_of_class_) {
      Relaxations candidate = adopted_;
      candidate.erase(std::remove_if(candidate.begin(), candidate.end(),
                                     [&](const Relaxation* other) { return overlap(*row, *other); }),
                      candidate.end());
      candidate.push_back(row);
      if (explains(candidate)) return candidate;
    }
    return std::nullopt;
  }

  // What is left of all relaxations when those that are not needed go, the loosest first. More than two are
  // no explanation.
  std::optional<Relaxations> smallest_set() const {
    Relaxations set = all_;
    for (auto row = rows_of_class_.rbegin(); row != rows_of_class_.rend(); ++row) {
      Relaxations without = set;
      without.erase(std::find(without.begin(), without.end(), *row));
      if (ask_(without) != Explained::wrong) set = std::move(without);
    }
    std::sort(set.begin(), set.end());  // in the order of the table
    return set.size() == kMostRelaxations && explains(set) ? std::optional(set) : std::nullopt;
  }

  const Relaxations& adopted_;
  const Ask& ask_;
  Relaxations rows_, rows_of_class_, all_;
  RelaxationClass most_ = RelaxationClass::ordinary;
};

}  // namespace

std::optional<Relaxations> least_explanation(DType q, DType kv, const Relaxations& adopted, const Ask& ask,
                                             RelaxationClass first) {
  Search search(q, kv, adopted, ask);
  if (first == RelaxationClass::ordinary) {
    if (auto ordinary = search.least(RelaxationClass::ordinary)) return ordinary;
  }
  return search.least(RelaxationClass::narrower);
}

}  // namespace attest::check
