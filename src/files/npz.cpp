#include "files/npz.hpp"

#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <zip.h>

#include "files/npy.hpp"

namespace attest::files {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{16} << 30;
constexpr std::uint64_t kMostRatio = 1100;  // deflate cannot pack tighter than 1032 to 1

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Member = std::unique_ptr<zip_file_t, Discard>;

Archive open(ByteView file) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    const std::string why = zip_error_strerror(&error);
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    throw FileFormatError("npz: not a zip archive: " + why);
  }
  return Archive(archive);
}

Bytes contents(zip_t* archive, std::uint64_t index, std::uint64_t size, const std::string& name) {
  const Member member(zip_fopen_index(archive, index, 0));
  if (!member) throw FileFormatError(fmt::format("npz: cannot read {}: {}", name, zip_strerror(archive)));
  Bytes bytes(size);
  std::uint64_t read = 0;
  while (read < size) {
    const zip_int64_t got = zip_fread(member.get(), bytes.data() + read, size - read);
    if (got <= 0) throw FileFormatError(fmt::format("npz: {} is damaged, or shorter than it declares", name));
    read += static_cast<std::uint64_t>(got);
  }
  std::byte beyond{};
  if (zip_fread(member.get(), &beyond, 1) != 0) {
    throw FileFormatError(fmt::format("npz: {} is damaged, or longer than it declares", name));
  }
  return bytes;
}

}  // namespace

TensorArchive parse_npz(ByteView file) {
  // libzip takes no bytes at all for an archive without members.
  if (file.empty()) throw FileFormatError("npz: not a zip archive: it is empty");
  const Archive archive = open(file);
  TensorArchive found;
  std::uint64_t total = 0;
  const zip_int64_t members = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < members; ++i) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    const auto index = static_cast<std::uint64_t>(i);
    if (zip_stat_index(archive.get(), index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0 ||
        (stat.valid & ZIP_STAT_SIZE) == 0) {
      throw FileFormatError(fmt::format("npz: member {} cannot be described", i));
    }
    const std::string_view name = stat.name;
    if (!name.ends_with(".npy")) continue;
    total += stat.size;
    if (stat.size > kMostBytes || total > kMostBytes || stat.size / kMostRatio > file.size()) {
      throw FileFormatError("npz: its members declare more data than a file of this size can hold");
    }
    const std::string tensor(name.substr(0, name.size() - 4));
    parse_npy(contents(archive.get(), index, stat.size, tensor), tensor, found);
  }
  return found;
}

}  // namespace attest::files
