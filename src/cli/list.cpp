#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/names/names.hpp"
#include "report/header.hpp"

namespace attest::cli {
namespace {

std::vector<std::string> sorts() {
  std::vector<std::string> names;
  for (const NameList& list : all_names()) {
    if (list.listed) names.emplace_back(list.sort);
  }
  return names;
}

Exit run_list(const std::string& what, const CommonOptions& options) {
  const auto list = std::find_if(all_names().begin(), all_names().end(),
                                 [&](const NameList& each) { return each.sort == what; });
  report::Json json = report::report_header("list", options.seed);
  json[what] = report::Json::array();
  std::size_t width = 0;
  for (const NameEntry& entry : list->names) width = std::max(width, entry.name.size());
  for (const NameEntry& entry : list->names) {
    json[what].push_back({{"name", entry.name}, {"meaning", entry.meaning}});
    print(options, fmt::format("{:<{}}  {}\n", entry.name, width, entry.meaning));
  }
  write_json(options, json);
  return Exit::ok;
}

}  // namespace

void add_list_command(CLI::App& app, Exit& exit) {
  CLI::App* command = app.add_subcommand("list", "Explain the names that appear in reports");
  auto what = std::make_shared<std::string>();
  auto options = std::make_shared<CommonOptions>();
  command
      ->add_option("WHAT", *what,
                   "laws, forms, semantics (kinds of numbers), contracts, kernels, families (of inputs), "
                   "features, faults or theorems")
      ->required()
      ->check(CLI::IsMember(sorts()));
  add_common_options(*command, *options);
  command->footer("Example: attest list laws");
  command->callback([what, options, &exit] { exit = run_list(*what, *options); });
}

}  // namespace attest::cli
