#include "check/infer/infer.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "check/infer/infer_study.hpp"
#include "cli/command.hpp"
#include "kernel/kernel.hpp"
#include "report/check/check_text.hpp"
#include "report/header.hpp"
#include "report/table.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

struct InferCommand {
  CommonOptions common;
  std::vector<std::string> kernels;
  std::string dtype;
  std::int64_t cases = 200;
  double time_limit_seconds = 10;
  bool markdown = false;
  bool study = false;
};

struct Inferred {
  kernel::KernelInfo info;
  check::ContractInference inference;
};

check::InferOptions options_of(const InferCommand& command) {
  check::InferOptions options;
  if (!command.dtype.empty()) {
    options.dtype = dtype_from_name(command.dtype);
    if (!options.dtype || !is_floating(*options.dtype))
      throw UsageError(fmt::format("--dtype: '{}' is not f64, f32, f16 or bf16", command.dtype));
  }
  options.seed = command.common.seed;
  options.cases = command.cases;
  options.time_limit =
      std::chrono::milliseconds(static_cast<std::int64_t>(command.time_limit_seconds * 1000));
  return options;
}

std::string dtypes_text(const check::ContractInference& inference) {
  const std::string_view q = name_of(inference.q);
  return inference.q == inference.kv ? std::string(q) : fmt::format("{} over {}", q, name_of(inference.kv));
}

std::string text_of(const Inferred& one) {
  if (!one.inference.answered) return fmt::format("{}: takes no probe\n\n", one.info.name);
  std::string text = fmt::format("{}   {}   declares {}\n\n", one.info.name, dtypes_text(one.inference),
                                 one.info.contract.empty() ? "nothing" : one.info.contract);
  for (const check::InferredField& field : one.inference.fields)
    text += report::wrapped(fmt::format("  {:<23} {:<15} ", field.field, field.value.value_or("unknown")),
                            field.evidence, 42);
  const auto& confirmed = one.inference.confirmed;
  if (confirmed) text += "\n  " + report::verdict_line(*confirmed) + "\n";
  if (confirmed && confirmed->verdict == check::Verdict::defective)
    text += "  It is defective under this contract: attest check shows where.\n";
  return text + fmt::format("\n--contract '{}'\n\n", one.inference.contract);
}

report::Json json_of(const Inferred& one) {
  report::Json json{{"name", one.info.name},
                    {"version", one.info.version},
                    {"declared", one.info.contract},
                    {"answered", one.inference.answered},
                    {"dtype", {{"q", name_of(one.inference.q)}, {"kv", name_of(one.inference.kv)}}},
                    {"contract", one.inference.contract}};
  json["verdict"] = one.inference.confirmed ? report::Json(name_of(one.inference.confirmed->verdict))
                                            : report::Json(nullptr);
  json["fields"] = report::Json::array();
  for (const check::InferredField& field : one.inference.fields) {
    json["fields"].push_back({{"probe", field.probe},
                              {"field", field.field},
                              {"value", field.value ? report::Json(*field.value) : report::Json(nullptr)},
                              {"evidence", field.evidence}});
  }
  return json;
}

// A row for each kernel, what it declares and what was found out.
std::string kernels_markdown(const std::vector<Inferred>& all) {
  std::string text = report::table_head(
      {"kernel", "dtypes", "declares", "contract that was inferred", "unknown", "verdict under it"});
  for (const Inferred& one : all) {
    if (!one.inference.answered) {
      text += report::table_row(
          {report::cell(one.info.name), "-", report::cell(one.info.contract), "-", "-", "takes no probe"});
      continue;
    }
    std::string unknown;
    for (const check::InferredField& field : one.inference.fields) {
      if (!field.value) unknown += (unknown.empty() ? "" : ", ") + std::string(field.field);
    }
    text += report::table_row(
        {report::cell(one.info.name), dtypes_text(one.inference),
         report::cell(one.info.contract.empty() ? "nothing" : one.info.contract),
         report::cell(one.inference.contract), unknown.empty() ? "-" : unknown,
         one.inference.confirmed ? std::string(name_of(one.inference.confirmed->verdict)) : "-"});
  }
  return text;
}

std::string probes_markdown() {
  std::string text = report::table_head({"field", "how it is found out"});
  for (const check::Probe& probe : check::probes())
    text += report::table_row({fmt::format("`{}`", probe.field), report::cell(std::string(probe.shows))});
  return text;
}

std::string study_markdown(const std::vector<std::pair<DType, check::InferStudy>>& studies) {
  std::string text = report::table_head({"dtype", "fields", "right", "unknown", "wrong"});
  for (const auto& [dtype, study] : studies)
    text += report::table_row({std::string(name_of(dtype)), fmt::format("{}", study.fields()),
                               fmt::format("{}", study.right), fmt::format("{}", study.unknown),
                               fmt::format("{}", study.wrong)});
  return text;
}

// The page docs/arithmetic.md.
std::string page_of(const std::vector<Inferred>& all,
                    const std::vector<std::pair<DType, check::InferStudy>>& studies) {
  std::string text =
      "# The arithmetic of kernels\n\n"
      "`./attest docs` writes this page. `attest infer KERNEL` asks a kernel rows whose results show how it\n"
      "computes, and prints the contract to declare. Fields that no row decides are unknown.\n\n";
  text +=
      "## What kernels do\n\nThe dtypes are the first that the kernel takes. The verdict is that of a "
      "campaign under the inferred\ncontract.\n\n" +
      kernels_markdown(all);
  if (!studies.empty())
    text +=
        "\n## How often it is right\n\nThe controls of the fault library, whose arithmetic is known "
        "(`attest infer --study`). With 16-bit outputs\nlast bits of quotients, and what follows from "
        "them, cannot be seen.\n\n" +
        study_markdown(studies);
  return text + "\n## What each probe asks\n\n" + probes_markdown();
}

std::string missed_text(const check::InferStudy& study) {
  std::string text;
  for (const check::MissedField& field : study.missed)
    text += fmt::format("  {:<26}{:<24}{} instead of {}: {}\n", field.control, field.field, field.inferred,
                        field.expected, field.evidence);
  return text;
}

report::Json study_json(DType dtype, const check::InferStudy& study) {
  report::Json json{{"dtype", name_of(dtype)},
                    {"fields", study.fields()},
                    {"right", study.right},
                    {"unknown", study.unknown},
                    {"wrong", study.wrong}};
  json["missed"] = report::Json::array();
  for (const check::MissedField& field : study.missed)
    json["missed"].push_back({{"control", field.control},
                              {"field", field.field},
                              {"inferred", field.inferred},
                              {"expected", field.expected},
                              {"evidence", field.evidence}});
  return json;
}

std::vector<std::pair<DType, check::InferStudy>> studies_of(const InferCommand& command,
                                                            const check::InferOptions& options) {
  std::vector<std::pair<DType, check::InferStudy>> studies;
  if (!command.study) return studies;
  std::vector<DType> dtypes{DType::f64, DType::f32, DType::f16, DType::bf16};
  if (options.dtype) dtypes = {*options.dtype};
  for (const DType dtype : dtypes) {
    studies.emplace_back(dtype, check::study_inference(dtype));
    const check::InferStudy& study = studies.back().second;
    if (command.markdown) continue;
    print(command.common,
          fmt::format("{}: {} fields, {} right, {} unknown, {} wrong\n{}", name_of(dtype), study.fields(),
                      study.right, study.unknown, study.wrong, missed_text(study)));
  }
  return studies;
}

Exit run_infer(const InferCommand& command) {
  const check::InferOptions options = options_of(command);
  if (command.kernels.empty() && !command.study)
    throw UsageError("infer: name a kernel, or --study (see attest infer --help)");
  std::vector<Inferred> all;
  for (const std::string& name : command.kernels) {
    for (const std::string& spec : kernel::expand_kernel_spec(name)) {
      const std::unique_ptr<kernel::Kernel> kernel = kernel::open_kernel(spec);
      all.push_back({kernel->info(), check::infer_contract(*kernel, options)});
      if (!command.markdown) print(command.common, text_of(all.back()));
    }
  }
  const auto studies = studies_of(command, options);
  if (command.markdown) print(command.common, page_of(all, studies));
  report::Json json = report::report_header("infer", command.common.seed);
  json["kernels"] = report::Json::array();
  for (const Inferred& one : all) json["kernels"].push_back(json_of(one));
  json["study"] = report::Json::array();
  for (const auto& [dtype, study] : studies) json["study"].push_back(study_json(dtype, study));
  write_json(command.common, json);
  const bool complete =
      std::all_of(all.begin(), all.end(), [](const Inferred& one) { return one.inference.answered; });
  return complete ? Exit::ok : Exit::undecided;
}

}  // namespace

void add_infer_command(CLI::App& app, Exit& exit) {
  CLI::App* command =
      app.add_subcommand("infer", "Find out which numerics contract a kernel keeps, field by field");
  auto options = std::make_shared<InferCommand>();
  command->add_option("KERNEL", options->kernels, "As for attest check, except captures");
  command->add_option(
      "--dtype", options->dtype,
      "Type of q, k and v (default: the first of f32, f16, bf16 and f64 that the kernel takes)");
  command->add_option("--cases", options->cases, "Cases that confirm the contract; 0: none")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  command->add_option("--time-limit", options->time_limit_seconds, "Time limit of one call")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  command->add_flag("--markdown", options->markdown, "Print the page docs/arithmetic.md");
  command->add_flag("--study", options->study,
                    "Count the fields that are right on the controls of the fault library");
  add_common_options(*command, options->common);
  command->footer(
      "Exit codes: 0 done, 2 a kernel accepts no probe, 64 usage error.\nExample: attest infer ./libmine.so");
  command->callback([options, &exit] { exit = run_infer(*options); });
}

}  // namespace attest::cli
