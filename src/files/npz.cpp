#include "files/npz.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zip.h>

#include "files/byte_source.hpp"
#include "files/npy.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

// Deflate packs zeros 1032 to 1. What people capture packs less than 10 to 1, so that a file that unpacks to
// much more holds nothing that is worth its memory.
constexpr std::uint64_t kMostRatio = 64;
constexpr std::uint64_t kAlwaysBytes = std::uint64_t{256} << 20;

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using MemberFile = std::unique_ptr<zip_file_t, Discard>;

struct Member {
  std::uint64_t index = 0, size = 0;
  std::string name;
};

// One member, as it unpacks. It is read from its begin to its end.
class MemberSource final : public ByteSource {
 public:
  MemberSource(zip_t* archive, const Member& member)
      : member_(member), file_(zip_fopen_index(archive, member.index, 0)) {
    if (!file_) {
      throw FileFormatError(
          fmt::format("npz: cannot read {}: {}", quote(member.name), quote(zip_strerror(archive))));
    }
  }
  std::uint64_t size() const override { return member_.size; }

  void read(std::uint64_t offset, std::span<std::byte> to) const override {
    std::byte skipped{};
    while (at_ < offset) take({&skipped, 1});
    take(to);
  }

  // What the archive declares of the member holds: its size, and its checksum, which libzip compares at the
  // end.
  void require_end() const {
    std::array<std::byte, 4096> rest{};
    while (at_ < member_.size) {
      take(std::span(rest).first(std::min<std::uint64_t>(rest.size(), member_.size - at_)));
    }
    if (zip_fread(file_.get(), rest.data(), 1) != 0) {
      throw FileFormatError(
          fmt::format("npz: {} is damaged, or longer than it declares", quote(member_.name)));
    }
  }

 private:
  void take(std::span<std::byte> to) const {
    while (!to.empty()) {
      const zip_int64_t got = zip_fread(file_.get(), to.data(), to.size());
      if (got <= 0) {
        throw FileFormatError(
            fmt::format("npz: {} is damaged, or shorter than it declares", quote(member_.name)));
      }
      at_ += static_cast<std::uint64_t>(got);
      to = to.subspan(static_cast<std::size_t>(got));
    }
  }

  const Member& member_;
  MemberFile file_;
  mutable std::uint64_t at_ = 0;
};

// Takes the source over.
Archive open(zip_source_t* source, zip_error_t& error) {
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    const std::string why = zip_error_strerror(&error);
    if (source != nullptr) zip_source_free(source);
    zip_error_fini(&error);
    throw FileFormatError("npz: not a zip archive: " + quote(why));
  }
  return Archive(archive);
}

Member describe(zip_t* archive, std::uint64_t index) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0 ||
      (stat.valid & ZIP_STAT_SIZE) == 0) {
    throw FileFormatError(fmt::format("npz: member {} cannot be described", index));
  }
  return {index, stat.size, stat.name};
}

// Those that hold arrays, before any of them is unpacked.
std::vector<Member> arrays_of(zip_t* archive, std::uint64_t file_size, const NameCheck& check) {
  const auto entries = static_cast<std::uint64_t>(std::max<zip_int64_t>(0, zip_get_num_entries(archive, 0)));
  if (entries > kMostParts)
    throw FileFormatError(fmt::format("npz: it has {} members; the limit is {}", entries, kMostParts));
  constexpr std::string_view kEnding = ".npy";
  std::vector<Member> members;
  std::uint64_t total = 0;
  for (std::uint64_t index = 0; index < entries; ++index) {
    Member member = describe(archive, index);
    if (!member.name.ends_with(kEnding)) continue;
    member.name.resize(member.name.size() - kEnding.size());
    if (std::any_of(members.begin(), members.end(), [&](const Member& m) { return m.name == member.name; }))
      throw FileFormatError(fmt::format("npz: it has {} twice", quote(member.name)));
    if (check) check(member.name);
    const std::uint64_t most = std::min(std::max(kAlwaysBytes, kMostRatio * file_size), kMostFileBytes);
    if (member.size > most || total > most - member.size) {
      throw FileFormatError(fmt::format(
          "npz: its members unpack to more than {} bytes, too many for a file of {} bytes", most, file_size));
    }
    total += member.size;
    members.push_back(std::move(member));
  }
  return members;
}

TensorArchive read_members(zip_t* archive, std::uint64_t file_size, const NameCheck& check) {
  TensorArchive found;
  found.format = ArchiveFormat::npz;
  for (const Member& member : arrays_of(archive, file_size, check)) {
    const MemberSource source(archive, member);
    parse_npy(source, member.name, found);
    source.require_end();
  }
  return found;
}

}  // namespace

TensorArchive parse_npz(ByteView file, const NameCheck& check) {
  // libzip takes no bytes at all for an archive without members.
  if (file.empty()) throw FileFormatError("npz: not a zip archive: it is empty");
  zip_error_t error;
  zip_error_init(&error);
  const Archive archive = open(zip_source_buffer_create(file.data(), file.size(), 0, &error), error);
  return read_members(archive.get(), file.size(), check);
}

TensorArchive read_npz(const std::string& path, const NameCheck& check) {
  const std::uint64_t size = FileSource(path, kMostFileBytes).size();
  if (size == 0) throw FileFormatError("npz: not a zip archive: it is empty");
  zip_error_t error;
  zip_error_init(&error);
  const Archive archive = open(zip_source_file_create(path.c_str(), 0, -1, &error), error);
  return read_members(archive.get(), size, check);
}

}  // namespace attest::files
