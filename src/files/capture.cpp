#include "files/capture.hpp"

#include <filesystem>

#include "files/npy.hpp"
#include "files/npz.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"

namespace attest::files {
namespace {

namespace fs = std::filesystem;

TensorArchive read_folder(const std::string& path) {
  TensorArchive archive;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() != ".npy") continue;
    parse_npy(read_file(entry.path().string()), entry.path().stem().string(), archive);
  }
  return archive;
}

TensorArchive read_archive(const std::string& path) {
  if (fs::is_directory(path)) return read_folder(path);
  const Bytes bytes = read_file(path);
  return path.ends_with(".npz") ? parse_npz(bytes) : parse_safetensors(bytes);
}

}  // namespace

bool looks_like_capture(const std::string& path) {
  if (path.ends_with(".safetensors") || path.ends_with(".npz")) return true;
  std::error_code ignored;
  return fs::is_directory(path, ignored) && fs::exists(fs::path(path) / "q.npy", ignored);
}

Capture read_capture(const std::string& path) {
  try {
    const TensorArchive archive = read_archive(path);
    Capture capture;
    capture.problem = problem_from(archive);
    capture.result = result_from(archive, capture.problem);
    capture.contract = text_of(archive, "contract");
    return capture;
  } catch (const FileFormatError& error) {
    const std::string what = error.what();
    throw FileFormatError(what.find(path) == std::string::npos ? path + ": " + what : what);
  } catch (const fs::filesystem_error& error) {
    throw FileFormatError(error.what());
  }
}

}  // namespace attest::files
