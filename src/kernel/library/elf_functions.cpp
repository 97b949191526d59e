#include "kernel/library/elf_functions.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>
#include <vector>

#include <elf.h>
#include <unistd.h>

namespace attest::kernel {
namespace {

constexpr std::uint64_t kMostHeaders = 10'000;
constexpr std::uint64_t kMostSymbols = std::uint64_t{1} << 23;
constexpr std::uint64_t kChunk = 4096;  // symbols read at once

bool read_bytes(int file, std::uint64_t offset, void* to, std::size_t size) {
  if (offset > INT64_MAX) return false;
  return ::pread(file, to, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

// A table of equal entries; fewer where the file ends before.
template <class T>
std::vector<T> read_table(int file, std::uint64_t offset, std::uint64_t count) {
  static_assert(std::is_trivially_copyable_v<T>);
  std::vector<T> table;
  T entry;
  while (table.size() < count && read_bytes(file, offset + table.size() * sizeof(T), &entry, sizeof entry))
    table.push_back(entry);
  return table;
}

std::optional<std::uint64_t> loaded_at(int file, const Elf64_Ehdr& header, std::uint64_t file_offset) {
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return std::nullopt;
  const std::uint64_t count = std::min<std::uint64_t>(header.e_phnum, kMostHeaders);
  for (const Elf64_Phdr& segment : read_table<Elf64_Phdr>(file, header.e_phoff, count)) {
    const bool inside = file_offset >= segment.p_offset && file_offset - segment.p_offset < segment.p_filesz;
    if (segment.p_type == PT_LOAD && inside) return segment.p_vaddr + (file_offset - segment.p_offset);
  }
  return std::nullopt;
}

// Functions written in assembly may have no size: they reach up to the next.
bool may_hold(const Elf64_Sym& symbol, std::uint64_t address) {
  const unsigned type = ELF64_ST_TYPE(symbol.st_info);
  return (type == STT_FUNC || type == STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF &&
         symbol.st_value <= address && (symbol.st_size == 0 || address - symbol.st_value < symbol.st_size);
}

// Of several that begin in one place, one that other libraries see.
bool is_better(const Elf64_Sym& one, const Elf64_Sym& other) {
  if (one.st_value != other.st_value) return one.st_value > other.st_value;
  return ELF64_ST_BIND(one.st_info) != STB_LOCAL && ELF64_ST_BIND(other.st_info) == STB_LOCAL;
}

std::optional<Elf64_Sym> symbol_at(int file, const Elf64_Shdr& table, std::uint64_t address) {
  const std::uint64_t count = std::min<std::uint64_t>(table.sh_size / sizeof(Elf64_Sym), kMostSymbols);
  std::optional<Elf64_Sym> best;
  std::vector<Elf64_Sym> chunk;
  for (std::uint64_t first = 0; first < count; first += kChunk) {
    chunk.resize(std::min(kChunk, count - first));
    const std::uint64_t offset = table.sh_offset + first * sizeof(Elf64_Sym);
    if (!read_bytes(file, offset, chunk.data(), chunk.size() * sizeof(Elf64_Sym))) break;
    for (const Elf64_Sym& symbol : chunk) {
      if (may_hold(symbol, address) && (!best || is_better(symbol, *best))) best = symbol;
    }
  }
  return best;
}

std::string name_at(int file, const Elf64_Shdr& strings, std::uint64_t at) {
  std::array<char, 1024> name{};
  if (at >= strings.sh_size || strings.sh_offset + at > INT64_MAX) return "";
  const ssize_t size =
      ::pread(file, name.data(), name.size() - 1, static_cast<off_t>(strings.sh_offset + at));
  return size > 0 ? std::string(name.data()) : "";
}

// The part of a mangled name that is not read yet.
class Mangled {
 public:
  explicit Mangled(std::string_view text) : text_(text) {}

  bool skip(std::string_view what) {
    if (!text_.starts_with(what)) return false;
    text_.remove_prefix(what.size());
    return true;
  }
  /// "3dot" is "dot"; empty where there is none.
  std::string_view identifier() {
    std::size_t length = 0;
    while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9' && length < text_.size()) {
      length = length * 10 + static_cast<std::size_t>(text_[0] - '0');
      text_.remove_prefix(1);
    }
    if (length == 0 || length > text_.size()) return {};
    const std::string_view name = text_.substr(0, length);
    text_.remove_prefix(length);
    return name;
  }
  /// Template arguments, by what begins and ends inside them. False where they do not end.
  bool skip_arguments() {
    for (int depth = 0; !text_.empty();) {
      if (text_[0] >= '0' && text_[0] <= '9') {
        if (identifier().empty()) return false;
        continue;
      }
      if (skip("Li") || skip("Lb") || skip("Lj") || skip("Ll") || skip("Lm")) {
        const std::size_t end = text_.find('E');
        if (end == std::string_view::npos) return false;
        text_.remove_prefix(end + 1);
        continue;
      }
      const char c = text_[0];
      text_.remove_prefix(1);
      if (c == 'S' && !text_.empty()) text_.remove_prefix(1);  // "St", "S_", "S0_": no list
      if (c == 'I' || c == 'N' || c == 'F' || c == 'X' || c == 'J') ++depth;
      if (c == 'E' && --depth == 0) return true;
    }
    return false;
  }
  bool at_arguments() const { return text_.starts_with('I'); }

 private:
  std::string_view text_;
};

}  // namespace

std::optional<ElfFunction> function_at(int file, std::uint64_t file_offset) {
  Elf64_Ehdr header;
  if (!read_bytes(file, 0, &header, sizeof header)) return std::nullopt;
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64)
    return std::nullopt;
  const std::optional<std::uint64_t> address = loaded_at(file, header, file_offset);
  if (!address || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
  const std::uint64_t count = std::min<std::uint64_t>(header.e_shnum, kMostHeaders);
  const auto sections = read_table<Elf64_Shdr>(file, header.e_shoff, count);
  for (const unsigned kind : {unsigned{SHT_SYMTAB}, unsigned{SHT_DYNSYM}}) {
    for (const Elf64_Shdr& table : sections) {
      if (table.sh_type != kind || table.sh_link >= sections.size()) continue;
      const std::optional<Elf64_Sym> symbol = symbol_at(file, table, *address);
      if (!symbol) continue;
      if (std::string name = name_at(file, sections[table.sh_link], symbol->st_name); !name.empty())
        return ElfFunction{std::move(name), *address - symbol->st_value};
    }
  }
  return std::nullopt;
}

// The demanglers of compilers may need any amount of memory for a name that was made for it.
std::string readable_name(std::string_view symbol) {
  Mangled rest(symbol);
  if (!rest.skip("_Z")) {
    const std::size_t suffix = symbol.find('.', 1);  // "dot.isra.0", "dot.cold": copies that compilers make
    return std::string(symbol.substr(0, suffix));
  }
  const bool nested = rest.skip("N");
  if (nested) rest.skip("K");
  rest.skip("L");  // of one source file
  std::string name;
  do {
    if (nested && rest.skip("St")) {
      name = "std";
      continue;
    }
    const std::string_view part = rest.identifier();
    if (part.empty()) return std::string(symbol);
    if (!name.empty()) name += "::";
    name += part == "_GLOBAL__N_1" ? "(anonymous namespace)" : part;
    if (rest.at_arguments() && !rest.skip_arguments()) return std::string(symbol);
    if (nested) rest.skip("L");
  } while (nested && !rest.skip("E"));
  return name;
}

}  // namespace attest::kernel
