#include <cstring>
#include <exception>
#include <filesystem>

#include <fmt/format.h>

#include "check/case_file.hpp"
#include "cli/command.hpp"
#include "kernel/kernel.hpp"
#include "oracle/contract.hpp"

namespace attest {
namespace {

Exit fail(Exit exit, const std::string& message) {
  fmt::print(stderr, "attest: {}\n", message);
  return exit;
}

// CLI11's own messages end in a hint at --help over several lines; one line is enough.
Exit usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto used = app.get_subcommands();
  const std::string command = used.empty() ? "attest" : "attest " + used.front()->get_name();
  return fail(Exit::usage, fmt::format("{} (see {} --help)", error.what(), command));
}

Exit run(int argc, char** argv) {
  CLI::App app("Verification of causal attention: laws, properties and certified error bounds.", "attest");
  app.set_version_flag("--version", std::string("attest ") + ATTEST_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Exit: 0 as expected, 1 a defect, 2 undecided, 64 usage, 70 internal error.\nExample: attest check "
      "onednn");
  Exit exit = Exit::ok;
  add_check_command(app, exit);
  add_report_command(app, exit);
  add_replay_command(app, exit);
  add_list_command(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);  // prints the help or the version
    return Exit::ok;
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  } catch (const UsageError& error) {
    return fail(Exit::usage, error.what());
  } catch (const KernelOpenError& error) {
    return fail(Exit::usage, error.what());
  } catch (const CaseFileError& error) {
    return fail(Exit::usage, error.what());
  } catch (const ContractError& error) {
    return fail(Exit::usage, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(Exit::usage, error.what());
  }
  return exit;
}

}  // namespace
}  // namespace attest

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], attest::kWorkerArgument) == 0) return attest::worker_main(argc, argv);
  try {
    return static_cast<int>(attest::run(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "attest: internal error: {}\n", error.what());
    return static_cast<int>(attest::Exit::internal);
  }
}
