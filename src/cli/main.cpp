#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>

#include "check/case_file/case_file.hpp"
#include "cli/campaigns.hpp"
#include "cli/command.hpp"
#include "cli/output/outputs.hpp"
#include "files/tensor_archive.hpp"
#include "kernel/kernel.hpp"
#include "oracle/contract/contract.hpp"
#include "problem/quote.hpp"

namespace attest::cli {
namespace {

Exit fail(Exit exit, const std::string& message) {
  tell(message);
  return exit;
}

// What is printed must arrive: a full disk takes it away from a redirected verdict.
Exit flushed(Exit exit) {
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    note_lost_output(fmt::format("cannot write to standard output: {}", std::strerror(errno)));
  return lost_output() ? worse(exit, Exit::internal) : exit;
}

// CLI11's own messages end in a hint at --help over several lines; one line is enough.
Exit usage_error(const CLI::App& app, const CLI::ParseError& error) {
  const auto used = app.get_subcommands();
  const std::string command = used.empty() ? "attest" : "attest " + used.front()->get_name();
  return fail(Exit::usage, fmt::format("{} (see {} --help)", error.what(), command));
}

// CLI11 only says that a subcommand is required; the word that was taken for one is what helps.
void require_known_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  const std::vector<const CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::vector<std::string_view> names;
  for (const CLI::App* command : commands) {
    if (command->get_name() == argv[1]) return;
    names.push_back(command->get_name());
  }
  const std::string guess = closest_word(argv[1], names);
  throw UsageError(fmt::format("there is no command '{}' ({} {})", quote(argv[1]),
                               guess.empty() ? "there are" : "did you mean",
                               guess.empty() ? fmt::format("{}", fmt::join(names, ", ")) : guess));
}

Exit run(int argc, char** argv) {
  CLI::App app(
      "Checks causal-attention kernels against the definition of attention, with proved error bounds.",
      "attest");
  app.set_version_flag("--version", std::string("attest ") + ATTEST_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.footer(
      "Exit codes: 0 no defect, 1 defect, 2 undecided, 64 usage error, 70 internal error or lost output, 130 "
      "interrupted.\nExample: attest "
      "check onednn");
  Exit exit = Exit::ok;
  add_check_command(app, exit);
  add_prove_command(app, exit);
  add_report_command(app, exit);
  add_faults_command(app, exit);
  add_replay_command(app, exit);
  add_space_command(app, exit);
  add_capacity_command(app, exit);
  add_list_command(app, exit);
  add_explain_command(app, exit);
  add_tolerance_command(app, exit);
  add_infer_command(app, exit);
  add_compare_command(app, exit);
  add_merge_command(app, exit);
  try {
    require_known_command(app, argc, argv);
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    app.exit(success);  // prints the help or the version
    return Exit::ok;
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  } catch (const UsageError& error) {
    return fail(Exit::usage, error.what());
  } catch (const kernel::KernelOpenError& error) {
    return fail(Exit::usage, error.what());
  } catch (const check::CaseFileError& error) {
    return fail(Exit::usage, error.what());
  } catch (const oracle::ContractError& error) {
    return fail(Exit::usage, error.what());
  } catch (const files::FileFormatError& error) {
    return fail(Exit::usage, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return fail(Exit::usage, error.what());
  }
  return exit;
}

}  // namespace
}  // namespace attest::cli

namespace {

// Problems come and go by megabytes. Pages that are given back each time have to be cleared again.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], attest::kernel::kWorkerArgument) == 0)
    return attest::kernel::worker_main(argc, argv);
  keep_freed_memory();
  try {
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is an error of writing, with a message
    return static_cast<int>(attest::cli::flushed(attest::cli::run(argc, argv)));
  } catch (const std::system_error& error) {  // the system refuses something
    return static_cast<int>(attest::cli::fail(attest::cli::Exit::internal, error.what()));
  } catch (const std::exception& error) {
    return static_cast<int>(
        attest::cli::fail(attest::cli::Exit::internal, fmt::format("internal error: {}", error.what())));
  }
}
