#include "check/shard/finding_record.hpp"

#include "check/case_file/case_file.hpp"
#include "check/case_file/case_json.hpp"
#include "check/findings/causes.hpp"
#include "faults/catalogue.hpp"
#include "laws/law.hpp"

namespace attest::check {
namespace {

template <class Archive, Is<Finding> T>
void visit_rest(Archive& archive, T& f) {
  archive("form", f.form);
  archive("printed", f.printed);
  archive("laws", f.laws);
  archive("symptoms", f.symptoms);
  archive("explanation", f.explanation);
  archive("shows_in", f.shows_in);
  archive("cases", f.cases);
  archive("minimal", f.minimal);
  archive("shrinks", f.shrinks);
  archive("first_seen", f.first_seen);
  archive("diagnosis", f.diagnosis);
  archive("diagnosed", f.diagnosed);
  archive("would_conform_under", f.would_conform_under);
  archive("crash_address", f.crash.address);
  archive("crash_calls", f.crash.calls);
  archive("crash_function", f.crash.function);
}

template <class Archive, Is<faults::Diagnosis> T>
void visit_rest(Archive& archive, T& d) {
  archive("tile", d.hypothesis.tile);
  archive("alpha", d.alpha);
  archive("sigma", d.sigma);
  archive("certified", d.certified);
  archive("tied", d.tied);
  archive("named", d.named);
  archive("condition", d.condition);
}

}  // namespace

void visit(RecordWriter& archive, const faults::Diagnosis& d) {
  archive("fault", d.fault());
  visit_rest(archive, d);
}

void visit(RecordReader& archive, faults::Diagnosis& d) {
  std::string name;
  archive("fault", name);
  for (const faults::KernelFaultEntry& entry : faults::fault_catalogue()) {
    if (entry.name == name) d.hypothesis.fault = entry.fault;
  }
  if (d.hypothesis.fault == faults::KernelFault::none)
    bad_record(archive.where() + ".fault", "is no known fault");
  visit_rest(archive, d);
}

void visit(RecordWriter& archive, const faults::Evidence& e) {
  CaseFile file;
  file.law = name_of(laws::LawId::definition);
  file.problem = e.problem;
  archive("case", RecordJson::parse(format_case_file(file)));
  archive("out", tensor_to_json(e.result.out));
  archive("lse", e.result.lse ? tensor_to_json(*e.result.lse) : RecordJson(nullptr));
}

void visit(RecordReader& archive, faults::Evidence& e) {
  RecordJson json;
  archive("case", json);
  e.problem = parse_case_file(json.dump(-1, ' ', false, RecordJson::error_handler_t::replace)).problem;
  if (!fit_for_diagnosis(e.problem)) bad_record(archive.where(), "is too large for a diagnosis");
  CaseSize size;
  archive("out", json);
  e.result.out = tensor_from_json(json, archive.where() + ".out", size);
  archive("lse", json);
  if (!json.is_null()) e.result.lse = tensor_from_json(json, archive.where() + ".lse", size);
  const bool fits =
      e.result.out.shape() == e.problem.out_shape() && e.result.out.dtype() == e.problem.q.dtype();
  const bool lse_fits = !e.result.lse || (e.result.lse->shape() == e.problem.lse_shape() &&
                                          e.result.lse->dtype() == e.problem.lse_dtype());
  if (!fits || !lse_fits) bad_record(archive.where(), "is no result of its problem");
}

void visit(RecordWriter& archive, const Finding& f) {
  archive("case", RecordJson::parse(format_case_file(case_file_of(f, ""))));
  visit_rest(archive, f);
}

void visit(RecordReader& archive, Finding& f) {
  RecordJson json;
  archive("case", json);
  CaseFile file = parse_case_file(json.dump(-1, ' ', false, RecordJson::error_handler_t::replace));
  if (laws::find_law(file.law) == nullptr) bad_record(archive.where() + ".case.law", "is no law on kernels");
  f.law = std::move(file.law);
  f.kind = file.kind;
  f.summary = std::move(file.summary);
  f.variant = std::move(file.variant);
  f.declared_contract = std::move(file.declared_contract);
  f.contract = std::move(file.contract);
  f.seed = file.seed;
  f.placement = file.placement;
  f.earlier = std::move(file.earlier);
  f.problem = std::move(file.problem);
  f.elements = std::move(file.elements);
  visit_rest(archive, f);
}

}  // namespace attest::check
