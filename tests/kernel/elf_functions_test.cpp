// Functions are found by the place of an instruction in the file, and files that lie do no harm.
#include "kernel/library/elf_functions.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include <elf.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "kernel/process/file_descriptor.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;

std::string read_library(const std::string& name) {
  std::ifstream file(library(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A file without a name that holds these bytes.
FileDescriptor file_of(const std::string& bytes) {
  std::string name = ::testing::TempDir() + "attest-elf-XXXXXX";
  FileDescriptor file(::mkstemp(name.data()));
  ::unlink(name.c_str());
  EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return file;
}

std::size_t found_in(const std::string& bytes, std::uint64_t up_to) {
  const FileDescriptor file = file_of(bytes);
  std::size_t found = 0;
  for (std::uint64_t at = 0; at < up_to; at += 64) {
    if (function_at(file.get(), at)) ++found;
  }
  return found;
}

TEST(ElfFunctions, AreFoundFromTheirFirstInstructionToTheirLast) {
  const FileDescriptor file(::open(library("two_symbols.so").c_str(), O_RDONLY));
  std::optional<std::uint64_t> begin;
  std::uint64_t size = 0;
  for (std::uint64_t at = 0; at < 100'000; ++at) {
    const auto function = function_at(file.get(), at);
    if (!function || function->name != "my_attention") continue;
    if (!begin) begin = at;
    EXPECT_EQ(function->offset, at - *begin);
    ++size;
  }
  ASSERT_TRUE(begin.has_value());
  EXPECT_GT(size, 4U);
}

TEST(ElfFunctions, OfOtherFilesAreNone) {
  EXPECT_FALSE(function_at(-1, 0).has_value());
  EXPECT_EQ(found_in("", 100), 0U);
  EXPECT_EQ(found_in("\x7f"
                     "ELF",
                     100),
            0U);
  std::string bytes = read_library("two_symbols.so");
  EXPECT_FALSE(function_at(file_of(bytes).get(), ~std::uint64_t{0}).has_value());
  bytes[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(found_in(bytes, bytes.size()), 0U);
}

TEST(ElfFunctions, OfTruncatedAndDamagedFilesDoNoHarm) {
  const std::string whole = read_library("two_symbols.so");
  const std::size_t all = found_in(whole, whole.size());
  EXPECT_GT(all, 1U);
  EXPECT_EQ(found_in(whole.substr(0, whole.size() / 2), whole.size()), 0U) << "the tables are at the end";
  std::mt19937_64 random(7);
  std::size_t changed = 0;
  for (int round = 0; round < 300; ++round) {
    std::string bytes = whole;
    for (int hit = 0; hit < 64; ++hit) bytes[random() % bytes.size()] = static_cast<char>(random());
    std::memcpy(bytes.data(), whole.data(), EI_NIDENT);
    changed += found_in(bytes, whole.size()) == all ? 0U : 1U;
  }
  EXPECT_GT(changed, 20U) << "the damage never reached the tables";
}

TEST(ElfFunctions, WithTablesThatClaimTheWholeAddressSpaceAreReadWithinLimits) {
  std::string bytes = read_library("two_symbols.so");
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const std::uint64_t lie = ~std::uint64_t{0};
    for (const std::size_t field : {offsetof(Elf64_Shdr, sh_size), offsetof(Elf64_Shdr, sh_offset)})
      std::memcpy(bytes.data() + header.e_shoff + i * sizeof(Elf64_Shdr) + field, &lie, sizeof lie);
  }
  EXPECT_EQ(found_in(bytes, bytes.size()), 0U);
}

TEST(ReadableName, IsTheNameWithoutParameters) {
  const std::vector<std::pair<std::string, std::string>> names{
      {"my_attention", "my_attention"},
      {"dot.isra.0", "dot"},
      {".hidden", ".hidden"},
      {"_Z3dotPKfS0_i", "dot"},
      {"_Z3dotPKf.cold", "dot"},
      {"_ZL3doti", "dot"},
      {"_ZN4mine3dotEPKf", "mine::dot"},
      {"_ZNK4mine4Tile4loadEi", "mine::Tile::load"},
      {"_ZN12_GLOBAL__N_13dotEv", "(anonymous namespace)::dot"},
      {"_Z3dotIfEvPKT_", "dot"},
      {"_ZN4mine3dotIfLi4EEEvPKT_", "mine::dot"},
      {"_ZN4mine4TileIfSt6vectorIfSaIfEEE4loadEv", "mine::Tile::load"},
      {"_ZN4mine4TileILb1EE4loadEv", "mine::Tile::load"},
      {"_ZNSt6vectorIfSaIfEE9push_backEOf", "std::vector::push_back"},
      // Not understood, so as they are.
      {"_Z", "_Z"},
      {"_ZN", "_ZN"},
      {"_ZN4mineC1Ev", "_ZN4mineC1Ev"},
      {"_Z99999999999999999999dot", "_Z99999999999999999999dot"},
      {"_ZN4mine3dotIfEi", "_ZN4mine3dotIfEi"},
      {"_Z3dotI", "_Z3dotI"},
      {"", ""},
  };
  for (const auto& [symbol, name] : names) EXPECT_EQ(readable_name(symbol), name) << symbol;
}

// For a demangler that writes it out, each substitution may double the text.
TEST(ReadableName, IsShorterThanTheSymbol) {
  std::mt19937_64 random(3);
  const std::string letters = "_ZNKSILEJXFTtab0123456789";
  for (int round = 0; round < 20'000; ++round) {
    std::string symbol = "_ZN";
    for (int i = 0; i < 40; ++i) symbol += letters[random() % letters.size()];
    EXPECT_LE(readable_name(symbol).size(), symbol.size() + 40);
  }
}

}  // namespace
}  // namespace attest::kernel
