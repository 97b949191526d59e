// `attest explain NAME`: what a name in a report means.

#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/names/names.hpp"
#include "report/header.hpp"
#include "report/wrap.hpp"

namespace attest::cli {
namespace {

struct ExplainOptions {
  CommonOptions common;
  std::string name;
};

Exit run_explain(const ExplainOptions& options) {
  report::Json json = report::report_header("explain", options.common.seed);
  json["name"] = options.name;
  json["meanings"] = report::Json::array();
  std::string text;
  for (const NameList& list : all_names()) {
    for (const NameEntry& entry : list.names) {
      if (entry.name != options.name) continue;
      json["meanings"].push_back({{"sort", list.one}, {"meaning", entry.meaning}});
      text += report::wrapped("", fmt::format("{} ({}): {}", entry.name, list.one, entry.meaning));
    }
  }
  if (text.empty()) {
    const std::string nearest = nearest_name(options.name);
    throw UsageError(
        fmt::format("no report has the name '{}' ({})", options.name.substr(0, 60),
                    nearest.empty() ? "see attest list --help" : "did you mean " + nearest + "?"));
  }
  print(options.common, text);
  write_json(options.common, json);
  return Exit::ok;
}

}  // namespace

void add_explain_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand("explain", "Explain one name that appears in a report");
  auto options = std::make_shared<ExplainOptions>();
  command
      ->add_option("NAME", options->name,
                   "A law, fault, feature, contract field, verdict, kind of finding, theorem or another name")
      ->required();
  add_common_options(*command, options->common);
  command->footer("Exit codes: 0 explained, 64 unknown name.\nExample: attest explain 'decode = prefill'");
  command->callback([options, &exit] { exit = run_explain(*options); });
}

}  // namespace attest::cli
