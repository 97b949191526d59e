// Judged problems in records of shards.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "check/shard/record_io.hpp"
#include "check/shard/shard_record.hpp"

namespace attest::check {

template <>
inline constexpr std::int64_t kLast<laws::LawStanding> =
    static_cast<std::int64_t>(laws::LawStanding::not_examined);

template <>
inline constexpr std::int64_t kLast<laws::FindingKind> =
    static_cast<std::int64_t>(laws::FindingKind::declined);

inline void visit(RecordWriter& archive, const oracle::RatioHistogram& h) {
  archive("max", h.max());
  std::vector<std::pair<std::int64_t, std::int64_t>> counts;
  for (std::size_t bin = 0; bin < h.bins().size(); ++bin) {
    if (h.bins()[bin] != 0) counts.emplace_back(bin, h.bins()[bin]);
  }
  archive("bins", counts);
}

inline void visit(RecordReader& archive, oracle::RatioHistogram& h) {
  double max = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> counts;
  archive("max", max);
  archive("bins", counts);
  oracle::RatioHistogram::Bins bins{};
  for (const auto& [bin, count] : counts) {
    if (bin < 0 || bin >= oracle::RatioHistogram::kBins || count < 0)
      bad_record(archive.where(), "has a bin that there is not");
    bins[static_cast<std::size_t>(bin)] = count;
  }
  h = oracle::RatioHistogram::of(bins, max);
}

inline void visit(RecordWriter& archive, const oracle::RatiosByLength& ratios) {
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  std::vector<double> largest;
  for (std::size_t k = 0; k < ratios.entries().size(); ++k) {
    if (ratios.entries()[k].rows == 0) continue;
    rows.emplace_back(k, ratios.entries()[k].rows);
    largest.push_back(ratios.entries()[k].largest);
  }
  archive("rows", rows);
  archive("largest", largest);
}

inline void visit(RecordReader& archive, oracle::RatiosByLength& ratios) {
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  std::vector<double> largest;
  archive("rows", rows);
  archive("largest", largest);
  if (rows.size() != largest.size()) bad_record(archive.where(), "has not a ratio for each length");
  oracle::RatiosByLength::Entries entries{};
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const auto& [k, count] = rows[at];
    if (k < 0 || k >= static_cast<std::int64_t>(entries.size()) || count < 0)
      bad_record(archive.where(), "has a length that there is not");
    entries[static_cast<std::size_t>(k)] = {count, largest[at]};
  }
  ratios = oracle::RatiosByLength::of(entries);
}

template <class A, Is<oracle::Tally> T>
inline void visit(A& archive, T& t) {
  archive("within", t.within);
  archive("violated", t.violated);
  archive("out_of_range", t.out_of_range);
  archive("uninformative", t.uninformative);
  archive("ratios", t.ratios);
}

template <class A, Is<oracle::RowLengths> T>
inline void visit(A& archive, T& l) {
  archive("longest_informative", l.longest_informative);
  archive("shortest_uninformative", l.shortest_uninformative);
}

template <class A, Is<oracle::Deviation> T>
inline void visit(A& archive, T& d) {
  archive("b", d.b);
  archive("h", d.h);
  archive("i", d.i);
  archive("channel", d.channel);
  archive("got", d.got);
  archive("expected", d.expected);
  archive("sigmas", d.sigmas);
}

template <class A, Is<oracle::SignedSum> T>
inline void visit(A& archive, T& s) {
  archive("count", s.count);
  archive("sum", s.sum);
  archive("allowed", s.allowed);
}

template <class A, Is<oracle::NoiseTally> T>
inline void visit(A& archive, T& n) {
  archive("outputs", n.outputs);
  archive("largest", n.largest);
  archive("squares", n.squares);
  archive("out", n.out);
  archive("outward", n.outward);
  archive("lse", n.lse);
}

template <class A, Is<laws::Breach> T>
inline void visit(A& archive, T& b) {
  archive("kind", b.kind);
  archive("summary", b.summary);
}

template <class A, Is<laws::LawOutcome> T>
inline void visit(A& archive, T& o) {
  archive("standing", o.standing);
  archive("why", o.why);
  archive("breach", o.breach);
  archive("bitwise", o.bitwise);
  archive("notes", o.notes);
  archive("left_out", o.left_out);
}

inline void visit(RecordWriter& archive, const CheckedLaw& c) {
  archive("law", std::string(c.law->name));
  archive("outcome", c.outcome);
}

inline void visit(RecordReader& archive, CheckedLaw& c) {
  std::string name;
  archive("law", name);
  archive("outcome", c.outcome);
  for (const laws::Law& law : laws::kernel_laws()) {
    if (law.name == name) c.law = &law;
  }
  if (c.law == nullptr) bad_record(archive.where() + ".law", "is no law on kernels");
  const bool broken = c.outcome.standing == laws::LawStanding::broken;
  if (broken != c.outcome.breach.has_value())
    bad_record(archive.where(), "is broken without a breach, or not broken");
}

template <class A, Is<CheckedProblem> T>
inline void visit(A& archive, T& c) {
  archive("laws", c.laws);
  archive("out", c.out);
  archive("lse", c.lse);
  archive("rows_by_tier", c.rows_by_tier);
  archive("all_zero", c.all_zero);
  archive("contract", c.contract);
  archive("lengths", c.lengths);
  archive("dtype", c.dtype);
  archive("by_length", c.by_length);
  archive("noise", c.noise);
}

template <class A, Is<ShardEvent> T>
inline void visit(A& archive, T& e) {
  archive("number", e.number);
  archive("prepared", e.prepared);
  archive("family", e.family);
  archive("where", e.where);
  archive("fields", e.fields);
  archive("checked", e.checked);
}

}  // namespace attest::check
