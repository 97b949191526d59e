#include "prove/smt2_files.hpp"

#include <fstream>

#include <fmt/format.h>

namespace attest::prove {
namespace {

void write(std::filesystem::path path, const std::string& comment, const std::string& script,
           Method method = Method::smt) {
  const bool gappa = method == Method::gappa;
  if (gappa) path.replace_extension(".g");
  std::ofstream file(path);
  file << (gappa ? "# " : "; ") << comment << "\n" << script;
  file.close();
  if (!file) throw Smt2FileError(fmt::format("cannot write {}", path.string()));
}

}  // namespace

void write_smt2(const std::filesystem::path& folder, const Theorem& theorem, const Obligation& obligation,
                const Obligation& twin) {
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  const auto path = [&](const std::string& part) {
    return folder / fmt::format("{}-{}.smt2", theorem.name, part);
  };
  write(path("hypotheses"), theorem.sentence, obligation.hypotheses);
  for (std::size_t i = 0; i < obligation.goals.size(); ++i)
    write(path(fmt::format("{:02}", i + 1)), theorem.sentence, obligation.goals[i].script,
          obligation.goals[i].method);
  for (std::size_t i = 0; i < twin.goals.size(); ++i) {
    write(path(fmt::format("twin-{:02}", i + 1)), "twin (one goal is sat): " + theorem.twin.name,
          twin.goals[i].script, twin.goals[i].method);
  }
}

}  // namespace attest::prove
