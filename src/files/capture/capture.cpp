#include "files/capture/capture.hpp"

#include <algorithm>
#include <filesystem>
#include <new>
#include <vector>

#include <fmt/format.h>

#include "files/capture/abi_forms.hpp"
#include "files/names.hpp"
#include "files/npy.hpp"
#include "files/npz.hpp"
#include "files/problem_archive.hpp"
#include "files/safetensors.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 65536;  // of a folder, whatever they are

// In the order of their names, so that of several mistakes the same one is named.
std::vector<fs::path> arrays_in(const std::string& path) {
  std::vector<fs::path> arrays;
  std::size_t entries = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(path)) {
    if (++entries > kMostEntries || arrays.size() > kMostParts)
      throw FileFormatError(fmt::format("it is a folder of more than {} files", entries - 1));
    if (entry.path().extension() == ".npy") arrays.push_back(entry.path());
  }
  std::sort(arrays.begin(), arrays.end());
  return arrays;
}

TensorArchive read_folder(const std::string& path) {
  TensorArchive archive;
  archive.format = ArchiveFormat::folder;
  const std::vector<fs::path> arrays = arrays_in(path);
  if (arrays.empty())
    throw FileFormatError(
        "it is a folder without .npy files; a capture has q.npy, k.npy, v.npy, out.npy ...");
  std::uint64_t total = 0;
  for (const fs::path& array : arrays) {
    const std::string name = array.stem().string();
    require_any_name(name);
    const FileSource file(array.string(), kMostFileBytes);
    total += file.size();
    if (total > kMostFileBytes)
      throw FileFormatError(fmt::format("its files have more than {} bytes", kMostFileBytes));
    parse_npy(file, name, archive);
  }
  return archive;
}

TensorArchive read_archive(const std::string& path) {
  if (fs::is_directory(path)) return read_folder(path);
  if (path.ends_with(".npz")) return read_npz(path, require_any_name);
  return parse_safetensors(FileSource(path, kMostFileBytes), require_tensor_name);
}

Capture capture_of(const std::string& path, std::optional<AxisOrder> order) {
  TensorArchive archive = read_archive(path);
  for (const auto& [name, text] : archive.texts) require_text_name(name);
  if (order) archive.texts.insert_or_assign("layout", name_of(*order));
  to_abi_forms(archive);
  Capture capture;
  capture.problem = problem_from(archive);
  capture.result = result_from(archive, capture.problem);
  capture.contract = text_of(archive, "contract");
  return capture;
}

}  // namespace

bool looks_like_capture(const std::string& path) {
  if (path.ends_with(".safetensors") || path.ends_with(".npz")) return true;
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

Capture read_capture(const std::string& path, std::optional<AxisOrder> order) {
  const std::string shown = quote(path, kShownPath);
  try {
    return capture_of(path, order);
  } catch (const FileFormatError& error) {
    const std::string what = error.what();
    throw FileFormatError(what.find(shown) == std::string::npos ? shown + ": " + what : what);
  } catch (const fs::filesystem_error& error) {
    throw FileFormatError(fmt::format("cannot read {}: {}", shown, error.code().message()));
  } catch (const std::bad_alloc&) {
    throw FileFormatError(shown + ": its tensors need more memory than there is");
  }
}

}  // namespace attest::files
