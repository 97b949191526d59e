#include "files/npy.hpp"

#include <gtest/gtest.h>
#include <zip.h>

#include "archives.hpp"
#include "files/npz.hpp"

namespace attest::files {
namespace {

using namespace std::string_literals;
using test::error_of;
using test::npy;

TensorArchive read(const std::string& header, std::string_view data) {
  TensorArchive archive;
  parse_npy(npy(header, data), "x", archive);
  return archive;
}

std::string error_in(const std::string& header, std::string_view data = "") {
  return error_of([&] { read(header, data); });
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Npy, ReadsFloatsInBothOrders) {
  const std::string data = "\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40\0\0\x80\x40"s;
  const Tensor c =
      read("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n", data).tensors.at("x");
  EXPECT_EQ(c.values(), (std::vector<double>{1, 2, 3, 4}));
  const Tensor f = read("{'shape': (2, 2), 'fortran_order': True, 'descr': '<f4'}", data).tensors.at("x");
  EXPECT_EQ(f.values(), (std::vector<double>{1, 3, 2, 4}));
  EXPECT_EQ(f.strides(), (std::vector<std::int64_t>{1, 2}));
}

TEST(Npy, ReadsTheOtherTypes) {
  EXPECT_EQ(
      read("{'descr': '<V2', 'fortran_order': False, 'shape': (1,)}", "\x40\x40").tensors.at("x").values(),
      std::vector<double>{3});
  EXPECT_EQ(
      read("{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", "\x01\0"s).tensors.at("x").values(),
      (std::vector<double>{1, 0}));
  const Tensor lens =
      read("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", "\x05\0\0\0\0\0\0\0"s).tensors.at("x");
  EXPECT_EQ(lens.dtype(), DType::i32);
  EXPECT_EQ(lens.values(), std::vector<double>{5});
  EXPECT_EQ(
      read("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}", "\0\0\0\0\x01\0\0\0"s).foreign.at("x"),
      "<i8");
  // Fortran order, as Tensor's strides.
  EXPECT_EQ(read("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2)}", "\x01\xff\0\x7f"s)
                .tensors.at("x")
                .values(),
            (std::vector<double>{1, 0, -1, 127}));
  EXPECT_EQ(
      read("{'descr': '<u2', 'fortran_order': False, 'shape': (1,)}", "\xff\xff"s).tensors.at("x").values(),
      std::vector<double>{65535});
  EXPECT_EQ(
      read("{'descr': '<i2', 'fortran_order': False, 'shape': (1,)}", "\xff\xff"s).tensors.at("x").values(),
      std::vector<double>{-1});
  EXPECT_EQ(read("{'descr': '<u4', 'fortran_order': False, 'shape': (1,)}", "\0\0\0\x80"s).foreign.at("x"),
            "<u4");
  EXPECT_EQ(
      read("{'descr': '<u8', 'fortran_order': False, 'shape': (1,)}", "\xff\xff\xff\xff\xff\xff\xff\xff"s)
          .foreign.at("x"),
      "<u8");
  EXPECT_EQ(read("{'descr': '<c8', 'fortran_order': False, 'shape': ()}", "12345678").foreign.at("x"), "<c8");
}

TEST(Npy, ReadsNumbersAndStringsWithoutAxesAsTexts) {
  EXPECT_EQ(
      read("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "\0\0\0\0\0\0\xc0\x3f"s).texts.at("x"),
      "0.125");
  EXPECT_EQ(read("{'descr': '<i8', 'fortran_order': False, 'shape': ()}", "\xff\xff\xff\xff\xff\xff\xff\xff"s)
                .texts.at("x"),
            "-1");
  EXPECT_EQ(
      read("{'descr': '<U4', 'fortran_order': False, 'shape': ()}", "f\0\0\0003\0\0\0002\0\0\0\0\0\0\0"s)
          .texts.at("x"),
      "f32");
  EXPECT_EQ(read("{'descr': '|S3', 'fortran_order': False, 'shape': ()}", "abc").texts.at("x"), "abc");
}

TEST(Npy, SaysWhatIsWrong) {
  TensorArchive archive;
  const auto whole = [&](const Bytes& file) { return error_of([&] { parse_npy(file, "x", archive); }); };
  EXPECT_TRUE(mentions(whole(test::bytes_of("PK\3\4 and more")), "does not start like an .npy file"));
  EXPECT_TRUE(mentions(whole(test::bytes_of("\x93NUMPY\x09\x00\x01\x00"s)), "version 9"));
  EXPECT_TRUE(mentions(whole(test::bytes_of("\x93NUMPY\x01\x00\xff\xff{"s)), "ends inside its header"));
  EXPECT_TRUE(mentions(error_in("descr"), "lacks a '{'"));
  EXPECT_TRUE(mentions(error_in("{'descr': '<f4'}"), "must have descr, fortran_order and shape"));
  EXPECT_TRUE(mentions(error_in("{'descr': [('a', '<f4')]}"), "structured array"));
  EXPECT_TRUE(
      mentions(error_in("{'descr': '<f4', 'fortran_order': 1, 'shape': (1,)}"), "neither True nor False"));
  EXPECT_TRUE(
      mentions(error_in("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), "not made of integers"));
  EXPECT_TRUE(mentions(error_in("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}"),
                       "too large an extent"));
  EXPECT_TRUE(
      mentions(error_in("{'descr': '<f4', 'fortran_order': False, 'shape': (3000000000, 3000000000, 0)}"),
               "too large a shape"));
  EXPECT_TRUE(
      mentions(error_in("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "1234"), "need 8"));
  EXPECT_TRUE(mentions(error_in("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "1234"),
                       "has text after its end"));
  EXPECT_TRUE(mentions(error_in("{'descr': '<f4', 'name': False"), "unknown member 'name'"));
  EXPECT_TRUE(mentions(error_in("{'descr"), "unterminated string"));
  const Bytes big = npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}", "1234");
  parse_npy(big, "x", archive);
  EXPECT_EQ(archive.foreign.at("x"), ">f4");
}

// Bytes of a zip archive of these members, made by libzip.
Bytes zipped(const std::map<std::string, Bytes>& members) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const auto& [name, bytes] : members) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, bytes.data(), bytes.size(), 0), 0);
  }
  EXPECT_EQ(zip_close(archive), 0);
  zip_source_open(target);
  Bytes file(1 << 16);
  const zip_int64_t size = zip_source_read(target, file.data(), file.size());
  zip_source_close(target);
  zip_source_free(target);
  file.resize(static_cast<std::size_t>(size));
  return file;
}

TEST(Npz, ReadsCompressedMembers) {
  const std::string zeros(4000, '\0');
  const Bytes file = zipped(
      {{"q.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000,)}", zeros)},
       {"scale.npy", npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}", "\0\0\0\0\0\0\xc0\x3f"s)},
       {"notes.txt", test::bytes_of("not a tensor")}});
  EXPECT_LT(file.size(), 1500U);
  const TensorArchive archive = parse_npz(file);
  EXPECT_EQ(archive.tensors.at("q").shape(), std::vector<std::int64_t>{1000});
  EXPECT_EQ(archive.texts.at("scale"), "0.125");
  EXPECT_EQ(archive.tensors.size() + archive.texts.size(), 2U);
}

TEST(Npz, RefusesEveryPrefixAndGarbage) {
  const Bytes file =
      zipped({{"q.npy", npy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,)}", "abc")}});
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(error_of([&] { parse_npz(ByteView(file.data(), size)); }), "(it was read)") << size;
  }
  EXPECT_TRUE(mentions(error_of([] { parse_npz(test::bytes_of("garbage")); }), "not a zip archive"));
}

}  // namespace
}  // namespace attest::files
