// Files that attest must refuse, each with one short line.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace attest::cli {

struct Malformed {
  std::string kind;  ///< what is wrong with it
  std::string name;  ///< of the file, or of the folder
  std::function<void(const std::filesystem::path&)> write;
  std::string says;     ///< a part of the message
  bool replay = false;  ///< for attest replay rather than attest check
};

/// The kinds by format.
std::vector<Malformed> malformed_safetensors();
std::vector<Malformed> malformed_captures();  ///< well-formed files of tensors that are no captures
std::vector<Malformed> malformed_numpy();
std::vector<Malformed> malformed_cases();

/// Writes a file with this text.
void put(const std::filesystem::path& path, const std::string& text);
/// The same, followed by a hole up to `bytes`.
void put_sparse(const std::filesystem::path& path, const std::string& begin, std::uintmax_t bytes);

/// The bytes of an .npy file of zeros.
std::string npy_zeros(const std::string& descr, const std::string& shape, std::size_t bytes);
/// The bytes of an .npy file with any header and data.
std::string npy_file(const std::string& header, const std::string& data);

}  // namespace attest::cli
