#include "kernel/library/elf_exports.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include <elf.h>

namespace attest::kernel {
namespace {

using Bytes = std::span<const std::byte>;

template <class T>
std::optional<T> read_at(Bytes file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return std::nullopt;
  T value{};
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

Bytes part(Bytes file, std::uint64_t offset, std::uint64_t size) {
  if (offset > file.size() || file.size() - offset < size) return {};
  return file.subspan(offset, size);
}

std::optional<Elf64_Shdr> section(Bytes file, const Elf64_Ehdr& header, std::uint64_t index) {
  if (index >= header.e_shnum || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  const std::uint64_t offset = index * sizeof(Elf64_Shdr);
  if (header.e_shoff > file.size() || offset > file.size() - header.e_shoff) return std::nullopt;
  return read_at<Elf64_Shdr>(file, header.e_shoff + offset);
}

bool is_exported_function(const Elf64_Sym& symbol) {
  const unsigned type = ELF64_ST_TYPE(symbol.st_info);
  const unsigned binding = ELF64_ST_BIND(symbol.st_info);
  const unsigned visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_GNU_IFUNC) &&
         (binding == STB_GLOBAL || binding == STB_WEAK) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

// Empty when the name does not end inside the table.
std::string_view name_at(Bytes strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const char* begin = reinterpret_cast<const char*>(strings.data()) + offset;
  const std::size_t room = strings.size() - offset;
  const std::size_t length = ::strnlen(begin, room);
  return length == room ? std::string_view{} : std::string_view{begin, length};
}

void append_functions(Bytes symbols, Bytes strings, std::vector<std::string>& names) {
  for (std::uint64_t offset = 0;; offset += sizeof(Elf64_Sym)) {
    const auto symbol = read_at<Elf64_Sym>(symbols, offset);
    if (!symbol) return;
    if (!is_exported_function(*symbol)) continue;
    if (const std::string_view name = name_at(strings, symbol->st_name); !name.empty())
      names.emplace_back(name);
  }
}

}  // namespace

bool is_elf(Bytes file) { return file.size() >= SELFMAG && std::memcmp(file.data(), ELFMAG, SELFMAG) == 0; }

std::vector<std::string> exported_functions(Bytes file) {
  const auto header = read_at<Elf64_Ehdr>(file, 0);
  if (!header || !is_elf(file) || header->e_ident[EI_CLASS] != ELFCLASS64) return {};
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
    const auto table = section(file, *header, i);
    if (!table || table->sh_type != SHT_DYNSYM) continue;
    const auto strings = section(file, *header, table->sh_link);
    if (!strings) continue;
    append_functions(part(file, table->sh_offset, table->sh_size),
                     part(file, strings->sh_offset, strings->sh_size), names);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace attest::kernel
