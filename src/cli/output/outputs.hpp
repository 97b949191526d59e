// Files that commands write: whether they can be, before anything runs, and what happens where they cannot
// after all.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace attest::cli {

/// "cannot write x.json: No space left on device"; empty where the file can be written and there is space for
/// a byte. Leaves nothing behind, and what is in the file stays. "-" is standard output.
std::string why_not_writable(const std::string& path);

/// The same of new files in a folder, which need not exist yet.
std::string why_no_folder(const std::string& folder);

/// For options that name a file to be written.
CLI::Validator writable_file();

/// One line below 200 characters on standard error, whatever the message quotes. Where that cannot be written
/// either, it is lost.
void tell(const std::string& message);

/// Says on standard error that an output could not be written. The command goes on, so that its verdict is
/// not lost, and ends with exit code 70.
void note_lost_output(const std::string& what);
bool lost_output();

}  // namespace attest::cli
