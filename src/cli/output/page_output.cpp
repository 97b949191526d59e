#include "cli/output/page_output.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "cli/output/outputs.hpp"
#include "report/check/shell_word.hpp"
#include "report/full/markdown.hpp"
#include "report/page/page.hpp"

namespace attest::cli {
namespace {

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) note_lost_output(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
}

// A name may hold bytes that are no UTF-8, which JSON does not have.
std::string text_of(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::vector<report::UnavailableKernel> unavailable_in(const nlohmann::ordered_json& json) {
  std::vector<report::UnavailableKernel> kernels;
  if (!json.contains("unavailable")) return kernels;
  for (const auto& kernel : json["unavailable"])
    kernels.push_back({kernel["name"].get<std::string>(), kernel["why"].get<std::string>()});
  return kernels;
}

}  // namespace

void add_page_option(CLI::App& command, std::string& folder) {
  command.add_option("--report", folder, "Write a page of the results, index.html, and report.json into DIR")
      ->check([](const std::string& dir) { return why_no_folder(dir); })
      ->type_name("DIR");
}

std::string command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::string line = "attest";
  std::size_t at = all.find('\0');
  while (at != std::string::npos && at + 1 < all.size()) {
    const std::size_t end = all.find('\0', at + 1);
    line += " " + report::shell_word(all.substr(at + 1, end - at - 1));
    at = end;
  }
  return line;
}

std::string write_check_page(const std::string& folder, std::uint64_t seed, const std::string& effort,
                             const std::vector<check::KernelReport>& kernels,
                             const nlohmann::ordered_json& json) {
  if (folder.empty()) return "";
  std::error_code error;
  std::filesystem::create_directories(folder, error);  // where that fails, no file can be written
  const std::vector<report::UnavailableKernel> unavailable = unavailable_in(json);
  const report::page::Content content{.command = command_line(),
                                      .seed = seed,
                                      .effort = effort,
                                      .kernels = kernels,
                                      .unavailable = unavailable};
  const std::filesystem::path out = folder;
  write_file(out / "report.json", text_of(json));
  write_file(out / "index.html", report::page::page_html(content));
  return fmt::format("wrote {}\n", (out / "index.html").string());
}

std::string write_report(const std::filesystem::path& folder, const report::FullReport& report,
                         const nlohmann::ordered_json& json) {
  const report::page::Content content{.command = command_line(),
                                      .seed = report.seed,
                                      .effort = report.effort,
                                      .kernels = report.kernels,
                                      .unavailable = report.unavailable,
                                      .own = &report};
  write_file(folder / "report.json", text_of(json));
  write_file(folder / "report.md", report::markdown(report));
  write_file(folder / "index.html", report::page::page_html(content));
  return fmt::format("\nwrote {}, report.md and report.json\n", (folder / "index.html").string());
}

}  // namespace attest::cli
