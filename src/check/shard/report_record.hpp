// Records of shards: what a part's report adds to its judged problems.
#pragma once

#include "check/shard/event_record.hpp"
#include "check/shard/finding_record.hpp"
#include "check/shard/record_io.hpp"
#include "check/shard/shard_record.hpp"

namespace attest::check {

template <class A, Is<RegionReport> T>
void visit(A& archive, T& r) {
  archive("calls", r.calls);
  archive("dtypes", r.dtypes);
  archive("features", r.features);
  archive("needs", r.needs);
  archive("lengths", r.lengths);
  archive("extents", r.extents);
  archive("apart", r.apart);
  archive("declines", r.declines);
  archive("not_examined", r.not_examined);
  archive("largest", r.largest);
}

template <class A, Is<FormReport> T>
void visit(A& archive, T& f) {
  archive("name", f.name);
  archive("answered", f.answered);
  archive("broken", f.broken);
  archive("declined", f.declined);
  archive("why_declined", f.why_declined);
}

template <class A, Is<CampaignFacts> T>
void visit(A& archive, T& f) {
  archive("region", f.region);
  archive("uncovered", f.uncovered);
  archive("declines_lse", f.declines_lse);
  archive("own_number", f.own_number);
  archive("ends_after_first", f.ends_after_first);
}

template <class A, Is<CoverageReport::Row> T>
void visit(A& archive, T& r) {
  archive("feature", r.feature);
  archive("cases", r.cases);
}

template <class A, Is<ThinCrossing> T>
void visit(A& archive, T& c) {
  archive("feature", c.feature);
  archive("shape", c.shape);
  archive("cases", c.cases);
  archive("declined", c.declined);
  archive("undrawn", c.undrawn);
}

template <class A, Is<CoverageReport> T>
void visit(A& archive, T& c) {
  archive("shapes", c.shapes);
  archive("features", c.features);
  archive("wanted", c.wanted);
  archive("thin", c.thin);
}

template <class A, Is<ContractReport> T>
void visit(A& archive, T& c) {
  archive("text", c.text);
  archive("declared", c.declared);
  archive("dtypes", c.dtypes);
  archive("saturates_at", c.saturates_at);
  archive("lengths", c.lengths);
}

template <class A, Is<MemoryReport> T>
void visit(A& archive, T& m) {
  archive("stack_bytes", m.stack_bytes);
  archive("heap_bytes", m.heap_bytes);
  archive("stack_case", m.stack_case);
  archive("heap_case", m.heap_case);
}

template <class A, Is<InferredContract> T>
void visit(A& archive, T& i) {
  archive("fields", i.fields);
  archive("text", i.text);
  archive("kind", i.kind);
  archive("reasons", i.reasons);
  archive("from_case", i.from_case);
  archive("alarm", i.alarm);
  archive("evidence", i.evidence);
}

template <class A, Is<kernel::KernelInfo> T>
void visit(A& archive, T& i) {
  archive("name", i.name);
  archive("version", i.version);
  archive("contract", i.contract);
  archive("kv_lens_by_mask", i.kv_lens_by_mask);
  archive("threads", i.threads);
}

// Names and reasons are the program's own.
template <class A, Is<FamilyReport> T>
void visit(A& archive, T& f) {
  archive("cases", f.cases);
  archive("declined", f.declined);
}

// What the events do not give.
template <class A, Is<KernelReport> T>
void visit(A& archive, T& r) {
  archive("info", r.info);
  archive("contract_declared", r.contract_declared);
  archive("declared_contract", r.declared_contract);
  archive("inferred", r.inferred);
  archive("saturates_at", r.saturates_at);
  archive("contracts", r.contracts);
  archive("memory", r.memory);
  archive("seed", r.seed);
  archive("cases", r.cases);
  archive("declined", r.declined);
  archive("shrink_steps_left_out", r.shrink_steps_left_out);
  archive("planned", r.planned);
  archive("stopped_early", r.stopped_early);
  archive("why_stopped", r.why_stopped);
  archive("seconds", r.seconds);
  archive("first_broken", r.first_broken);
  archive("coverage", r.coverage);
  archive("families", r.families);
  archive("findings", r.findings);
}

template <class A, Is<Shard> T>
void visit(A& archive, T& s) {
  archive("index", s.index);
  archive("count", s.count);
}

template <class A, Is<ShardRecord> T>
void visit(A& archive, T& r) {
  archive("shard", r.shard);
  archive("effort", r.effort);
  archive("spec", r.spec);
  archive("report", r.report);
  archive("needed", r.needed);
  archive("left_out", r.left_out);
  archive("facts", r.facts);
  archive("evidence", r.evidence);
  archive("forms", r.forms);
  archive("shows_without_form", r.shows_without_form);
  archive("events", r.events);
}

}  // namespace attest::check
