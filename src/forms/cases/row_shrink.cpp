#include <cstdlib>
#include <memory>
#include <utility>

#include "forms/cases/row_case.hpp"

namespace attest::forms {
namespace {

using Candidates = std::vector<RowCase>;

// Without `count` keys from `begin` on.
void add_without(Candidates& out, const RowCase& row, std::size_t begin, std::size_t count) {
  if (count == 0 || count >= row.keys.size()) return;
  RowCase smaller = row;
  const auto first = smaller.keys.begin() + static_cast<std::ptrdiff_t>(begin);
  smaller.keys.erase(first, first + static_cast<std::ptrdiff_t>(count));
  out.push_back(std::move(smaller));
}

void add_shorter(Candidates& out, const RowCase& row) {
  const std::size_t keys = row.keys.size();
  for (std::size_t count = keys / 2; count >= 1; count /= 2) {
    for (std::size_t begin = 0; begin + count <= keys; begin += count) add_without(out, row, begin, count);
  }
}

// A copy of the row that `change` made different.
template <class Change>
void add_changed(Candidates& out, const RowCase& row, const Change& change) {
  RowCase changed = row;
  change(changed);
  if (!(changed == row)) out.push_back(std::move(changed));
}

void add_plainer_choices(Candidates& out, const RowCase& row) {
  const Choices plain;
  add_changed(out, row, [&](RowCase& r) { r.choices = plain; });
  add_changed(out, row, [&](RowCase& r) { r.choices.tile = plain.tile; });
  add_changed(out, row, [&](RowCase& r) { r.choices.splits = plain.splits; });
  add_changed(out, row, [&](RowCase& r) { r.choices.bracketing = plain.bracketing; });
  add_changed(out, row, [&](RowCase& r) { r.choices.chunk = plain.chunk; });
  add_changed(out, row, [&](RowCase& r) { r.choices.tau = plain.tau; });
  add_changed(out, row, [&](RowCase& r) { r.choices.maxima = plain.maxima; });
  if (row.choices.tile > 2) add_changed(out, row, [](RowCase& r) { --r.choices.tile; });
  if (row.choices.splits > 2) add_changed(out, row, [](RowCase& r) { --r.choices.splits; });
  if (row.choices.bracketing > 64) add_changed(out, row, [](RowCase& r) { r.choices.bracketing %= 64; });
  if (row.choices.maxima > 64) add_changed(out, row, [](RowCase& r) { r.choices.maxima %= 64; });
}

// Towards zero: 0, half, one less.
void add_smaller(Candidates& out, const RowCase& row, int& (*pick)(RowCase&, std::size_t), std::size_t at) {
  RowCase probe = row;
  const int number = pick(probe, at);
  const int sign = number < 0 ? -1 : 1;
  for (const int smaller : {0, number / 2, number - sign}) {
    if (std::abs(smaller) >= std::abs(number)) continue;
    add_changed(out, row, [&](RowCase& r) { pick(r, at) = smaller; });
  }
}

void add_smaller_numbers(Candidates& out, const RowCase& row) {
  for (std::size_t j = 0; j < row.keys.size(); ++j) {
    add_changed(out, row, [j](RowCase& r) { r.keys[j].visible = true; });
    add_changed(out, row, [j](RowCase& r) { r.keys[j].grain = 0; });
    add_smaller(
        out, row, [](RowCase& r, std::size_t at) -> int& { return r.keys[at].score; }, j);
    for (std::size_t c = 0; c < row.channels; ++c) {
      add_smaller(
          out, row,
          [](RowCase& r, std::size_t at) -> int& {
            return r.keys[at / kMostChannels].value.at(at % kMostChannels);
          },
          j* kMostChannels + c);
    }
  }
  add_smaller(
      out, row, [](RowCase& r, std::size_t) -> int& { return r.shift; }, 0);
}

void add_fewer_channels(Candidates& out, const RowCase& row) {
  for (std::size_t gone = 0; gone < row.channels && row.channels > 1; ++gone) {
    add_changed(out, row, [gone](RowCase& r) {
      for (KeyCase& key : r.keys) {
        for (std::size_t c = gone; c + 1 < kMostChannels; ++c) key.value.at(c) = key.value.at(c + 1);
        key.value.back() = 0;
      }
      --r.channels;
    });
  }
}

void add_all_visible(Candidates& out, const RowCase& row) {
  add_changed(out, row, [](RowCase& r) {
    for (KeyCase& key : r.keys) key.visible = true;
  });
  add_changed(out, row, [](RowCase& r) {
    for (KeyCase& key : r.keys) key.grain = 0;
  });
}

class Steps {
 public:
  explicit Steps(const RowCase& row) {
    add_shorter(candidates_, row);
    add_all_visible(candidates_, row);
    add_fewer_channels(candidates_, row);
    add_plainer_choices(candidates_, row);
    add_smaller_numbers(candidates_, row);
  }
  rc::Maybe<RowCase> operator()() {
    if (next_ == candidates_.size()) return rc::Nothing;
    return candidates_[next_++];
  }

 private:
  Candidates candidates_;
  std::size_t next_ = 0;
};

}  // namespace

rc::Seq<RowCase> shrinks_of(const RowCase& row) { return rc::Seq<RowCase>(Steps(row)); }

}  // namespace attest::forms
