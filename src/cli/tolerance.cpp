#include "check/tolerance/tolerance.hpp"

#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "check/tolerance/shape.hpp"
#include "cli/command.hpp"
#include "oracle/contract/contract.hpp"
#include "report/header.hpp"
#include "report/number.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

struct ToleranceOptions {
  CommonOptions common;
  std::string shape, contract, dtype = "f32", kv_dtype, causal = "none";
  double atol = -1, rtol = 0;
  std::int64_t draws = 3, rows = 64;
};

struct Named {
  std::string name;
  check::Tolerance tolerance;
};

DType dtype_from(const std::string& name, const char* flag) {
  const std::optional<DType> dtype = dtype_from_name(name);
  if (!dtype || !is_floating(*dtype))
    throw UsageError(fmt::format("{}: '{}' is not f64, f32, f16 or bf16", flag, name));
  return *dtype;
}

check::ToleranceQuery query_from(const ToleranceOptions& options) {
  check::ToleranceQuery query;
  try {
    check::read_shape(options.shape, query);
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
  query.q = dtype_from(options.dtype, "--dtype");
  query.kv = options.kv_dtype.empty() ? query.q : dtype_from(options.kv_dtype, "--kv-dtype");
  query.contract = options.contract;
  query.seed = options.common.seed;
  query.draws = options.draws;
  query.rows = options.rows;
  if (options.causal == "top-left") query.causal = Causal::top_left;
  if (options.causal == "bottom-right") query.causal = Causal::bottom_right;
  if (!options.contract.empty() && !oracle::contract_for(options.contract, query.q, query.kv).declared)
    throw UsageError(fmt::format("--contract: {} does not fit {}", options.contract, options.dtype));
  return query;
}

// torch.testing.assert_close's defaults by the dtype of the output, and those of PyTorch's and vLLM's tests
// of attention.
std::vector<Named> known_tolerances(DType out, const check::ToleranceStudy& study) {
  std::vector<Named> known;
  switch (out) {
    case DType::f64:
      known.push_back({"torch.testing", {1e-7, 1e-7}});
      break;
    case DType::f32:
      known.push_back({"torch.testing", {1e-5, 1.3e-6}});
      break;
    case DType::f16:
      known.push_back({"torch.testing", {1e-5, 1e-3}});
      known.push_back({"PyTorch's attention tests", {1e-3, 1e-3}});
      break;
    default:
      known.push_back({"torch.testing", {1e-5, 1.6e-2}});
      known.push_back({"PyTorch's attention tests", {1e-3, 1.6e-2}});
      break;
  }
  known.push_back({"numpy.allclose", {1e-8, 1e-5}});
  if (out == DType::f16 || out == DType::bf16)
    known.push_back({"FlashAttention's tests (twice unfused)", {study.twice_unfused(), 0}});
  return known;
}

std::string judgement_of(const check::ToleranceComparison& c) {
  if (c.below > 0) {
    const std::string text = fmt::format("below the bound of {:.1f} % of the outputs", 100 * c.below);
    if (c.below_rounding == 0)
      return text + ", above four sigmas of rounding: correct kernels hardly ever fail";
    return text + fmt::format(", below four sigmas of rounding of {:.1f} %: correct kernels may fail",
                              100 * c.below_rounding);
  }
  return fmt::format("no correct kernel fails; errors of {} to {} times the bound pass",
                     report::short_text(c.least), report::short_text(c.most));
}

report::Json tolerance_json(const Named& named, const check::ToleranceComparison& c) {
  return {{"name", named.name},
          {"atol", report::json_number(named.tolerance.atol)},
          {"rtol", report::json_number(named.tolerance.rtol)},
          {"share_below_bound", report::json_number(c.below)},
          {"share_below_rounding", report::json_number(c.below_rounding)},
          {"least_over_bound", report::json_number(c.least)},
          {"most_over_bound", report::json_number(c.most)}};
}

std::string header_text(const ToleranceOptions& options, const check::ToleranceStudy& study) {
  std::string text = fmt::format("{} {}   contract {} ({})\n", options.shape, options.dtype, study.contract,
                                 study.declared ? "declared" : "assumed");
  text += fmt::format(
      "{} of {} normal problems have a bound{}\n\n",
      report::counted(static_cast<std::int64_t>(study.outputs.size()), "output"), options.draws,
      study.without_bound == 0 ? "" : fmt::format("; {} have none", report::grouped(study.without_bound)));
  return text;
}

std::string suggested_text(const check::ToleranceStudy& study, const check::Tolerance& suggested) {
  std::string text = fmt::format("  against the exact result         atol {}  rtol {}\n",
                                 report::short_text(suggested.atol), report::short_text(suggested.rtol));
  text += fmt::format("  between two kernels that keep it atol {}  rtol {}\n",
                      report::short_text(2 * suggested.atol), report::short_text(2 * suggested.rtol));
  text += fmt::format("  bound                            median {}, largest {}\n",
                      report::short_text(study.median_bound()), report::short_text(study.largest_bound()));
  text += fmt::format("  four sigmas of rounding          {} at most\n",
                      report::short_text(study.largest_rounding()));
  return text + "\n";
}

// What follows from outputs with a bound, as text and in the report.
std::string compared_with_bound(const ToleranceOptions& options, const check::ToleranceStudy& study,
                                DType out, report::Json& json) {
  const check::Tolerance suggested = study.suggested(out);
  json["atol"] = report::json_number(suggested.atol);
  json["rtol"] = report::json_number(suggested.rtol);
  json["median_bound"] = report::json_number(study.median_bound());
  json["largest_bound"] = report::json_number(study.largest_bound());
  json["four_sigmas"] = report::json_number(study.largest_rounding());
  json["tolerances"] = report::Json::array();
  std::string text = suggested_text(study, suggested);
  std::vector<Named> known = known_tolerances(out, study);
  if (options.atol >= 0) known.insert(known.begin(), {"given", {options.atol, options.rtol}});
  for (const Named& named : known) {
    const check::ToleranceComparison compared = check::compare(study, named.tolerance);
    json["tolerances"].push_back(tolerance_json(named, compared));
    text += fmt::format("  {}: atol {}, rtol {}\n", named.name, report::short_text(named.tolerance.atol),
                        report::short_text(named.tolerance.rtol));
    text += report::wrapped("      ", judgement_of(compared), 6);
  }
  return text;
}

Exit run_tolerance(const ToleranceOptions& options) {
  const check::ToleranceQuery query = query_from(options);
  const check::ToleranceStudy study = check::study_tolerance(query);
  report::Json json = report::report_header("tolerance", options.common.seed);
  json["shape"] = options.shape;
  json["dtype"] = {{"q", name_of(query.q)}, {"kv", name_of(query.kv)}};
  json["contract"] = study.contract;
  json["contract_declared"] = study.declared;
  json["outputs"] = study.outputs.size();
  json["without_bound"] = study.without_bound;
  std::string text = header_text(options, study);
  if (study.outputs.empty()) {
    text += "no tolerance follows: nearly any output would be within the bound\n";
  } else {
    text += compared_with_bound(options, study, query.q, json);
  }
  write_json(options.common, json);
  print(options.common, text);
  return study.outputs.empty() ? Exit::undecided : Exit::ok;
}
}  // namespace

void add_tolerance_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand(
      "tolerance", "Compute the atol and rtol that a test of attention with this shape may use");
  auto options = std::make_shared<ToleranceOptions>();
  command
      ->add_option("--shape", options->shape,
                   "Batch, heads (query/key), query rows, keys and head dims: 'b1 h8/2 q128 k1024 d64'")
      ->required();
  command
      ->add_option("--dtype", options->dtype,
                   "Type of q and out, and of k and v unless --kv-dtype is given: f64, f32, f16 or bf16")
      ->capture_default_str();
  command->add_option("--kv-dtype", options->kv_dtype, "Type of k and v, if it differs from that of q");
  command->add_option("--causal", options->causal, "Alignment of the causal mask; none: no mask")
      ->check(CLI::IsMember({"none", "top-left", "bottom-right"}))
      ->capture_default_str();
  command
      ->add_option("--contract", options->contract,
                   "Numerics contract: 'preset;field=value;...' (attest list contracts)")
      ->type_name("C");
  command->add_option("--atol", options->atol, "Compare this tolerance with the bound")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--rtol", options->rtol, "Relative part of that tolerance")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--draws", options->draws, "Number of problems with normally distributed inputs")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--rows", options->rows, "Number of rows to certify in each problem")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 done, 2 no output has a bound, 64 usage error.\nExample: attest tolerance --shape 'b1 "
      "h8 "
      "q128 k1024 d64' --dtype bf16 --atol 1e-2");
  command->callback([options, &exit] { exit = run_tolerance(*options); });
}

}  // namespace attest::cli
