// The symbol table reader finds what is exported, and survives files that lie.
#include "kernel/library/elf_exports.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <vector>

#include <elf.h>
#include <gtest/gtest.h>

#include "kernel/memory/slot_memory.hpp"
#include "problems.hpp"

namespace attest::kernel {
namespace {

using namespace testing_kernels;
using Bytes = std::vector<std::byte>;

Bytes read_library(const std::string& name) {
  std::ifstream file(library(name), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Bytes bytes(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

// Reads directly before an inaccessible page, so that a step outside the file ends the test.
std::vector<std::string> exports_at_page_end(const Bytes& bytes) {
  const std::uint64_t page = SlotMemory::page_size();
  SlotMemory::Capacities capacities{};
  capacities[0] = (bytes.size() / page + 1) * page;
  const SlotMemory memory(-1, capacities, SlotMemory::Access::everything);
  std::byte* begin = memory.end(Slot::q) - bytes.size();
  std::copy(bytes.begin(), bytes.end(), begin);
  return exported_functions({begin, bytes.size()});
}

const std::vector<std::string> kTwo{"attest_kernel_contract", "my_attention", "my_attention_contract",
                                    "my_decode"};

TEST(ElfExports, AreTheFunctionsAndNotTheData) {
  const std::vector<std::string> names = exports_at_page_end(read_library("two_symbols.so"));
  for (const std::string& name : kTwo)
    EXPECT_TRUE(std::binary_search(names.begin(), names.end(), name)) << name;
  EXPECT_FALSE(std::binary_search(names.begin(), names.end(), "a_table"));
}

TEST(ElfExports, DoNotCountWhatIsOnlyImported) {
  const std::vector<std::string> names = exports_at_page_end(read_library("crashes_on_load.so"));
  EXPECT_FALSE(std::binary_search(names.begin(), names.end(), "abort"));
  EXPECT_TRUE(std::binary_search(names.begin(), names.end(), "attest_kernel_forward"));
}

TEST(ElfExports, OfOtherFilesAreNone) {
  EXPECT_TRUE(exported_functions({}).empty());
  EXPECT_FALSE(is_elf({}));
  Bytes bytes = read_library("two_symbols.so");
  EXPECT_TRUE(is_elf(bytes));
  bytes[EI_CLASS] = std::byte{ELFCLASS32};
  EXPECT_TRUE(exported_functions(bytes).empty());
  bytes[0] = std::byte{0};
  EXPECT_FALSE(is_elf(bytes));
}

TEST(ElfExports, OfEveryTruncationStayInsideIt) {
  const Bytes whole = read_library("two_symbols.so");
  ASSERT_GE(exports_at_page_end(whole).size(), kTwo.size());
  std::size_t with_names = 0;
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    with_names += exports_at_page_end(part).empty() ? 0U : 1U;
  }
  EXPECT_LT(with_names, whole.size() / 61) << "the section headers stand at the end of the file";
}

// Where each header field that the reader trusts could send it.
TEST(ElfExports, OfHeadersThatPointOutsideStayInside) {
  const Bytes whole = read_library("two_symbols.so");
  for (const std::uint64_t lie : {std::uint64_t{0}, whole.size() - 1, whole.size(), whole.size() + 1,
                                  ~std::uint64_t{0}, ~std::uint64_t{0} - 63, std::uint64_t{1} << 63}) {
    Bytes bytes = whole;
    Elf64_Ehdr header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    const std::uint64_t sections = header.e_shoff;
    header.e_shoff = lie;
    std::memcpy(bytes.data(), &header, sizeof header);
    EXPECT_LE(exports_at_page_end(bytes).size(), whole.size());
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
      for (const std::size_t field : {offsetof(Elf64_Shdr, sh_offset), offsetof(Elf64_Shdr, sh_size)}) {
        bytes = whole;
        std::memcpy(bytes.data() + sections + i * sizeof(Elf64_Shdr) + field, &lie, sizeof lie);
        EXPECT_LE(exports_at_page_end(bytes).size(), whole.size());
      }
    }
  }
}

TEST(ElfExports, OfRandomlyDamagedFilesStayInside) {
  const Bytes whole = read_library("two_symbols.so");
  std::mt19937_64 random(7);
  std::size_t changed = 0;
  for (int round = 0; round < 3000; ++round) {
    Bytes bytes = whole;
    for (int hit = 0; hit < 64; ++hit) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    std::memcpy(bytes.data(), whole.data(), EI_NIDENT);
    changed += exports_at_page_end(bytes) == exported_functions(whole) ? 0U : 1U;
  }
  EXPECT_GT(changed, 100U) << "the damage never reached the tables";
}

}  // namespace
}  // namespace attest::kernel
