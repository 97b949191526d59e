// NumPy's formats: archives (.npz) and folders of arrays (.npy).
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zip.h>

#include "malformed.hpp"

namespace attest::cli {
namespace {

namespace fs = std::filesystem;
using Arrays = std::vector<std::pair<std::string, std::string>>;  // name, bytes

// One head of two rows and three keys.
Arrays right() {
  return {{"q", npy_zeros("<f4", "(1, 1, 2, 4)", 32)}, {"k", npy_zeros("<f4", "(1, 1, 3, 4)", 48)},
          {"v", npy_zeros("<f4", "(1, 1, 3, 5)", 60)}, {"out", npy_zeros("<f4", "(1, 1, 2, 5)", 40)},
          {"scale", npy_zeros("<f8", "()", 8)},        {"causal", npy_zeros("<i4", "()", 4)}};
}

Arrays with(const std::string& name, const std::string& bytes) {
  Arrays arrays = right();
  std::erase_if(arrays, [&](const auto& array) { return array.first == name; });
  arrays.emplace_back(name, bytes);
  return arrays;
}

Arrays without(const std::string& name) {
  Arrays arrays = right();
  std::erase_if(arrays, [&](const auto& array) { return array.first == name; });
  return arrays;
}

void write_npz(const fs::path& path, const Arrays& arrays) {
  int error = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  for (const auto& [name, bytes] : arrays) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    zip_file_add(archive, (name + ".npy").c_str(), source, 0);
  }
  zip_close(archive);
}

std::string npz_bytes(const fs::path& path, const Arrays& arrays) {
  write_npz(path, arrays);
  std::string bytes(fs::file_size(path), '\0');
  FILE* file = std::fopen(path.c_str(), "rb");
  EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::fclose(file);
  return bytes;
}

Malformed npz(const std::string& kind, const Arrays& arrays, const std::string& says) {
  return {kind + " (npz)", "x.npz", [arrays](const auto& path) { write_npz(path, arrays); }, says};
}

// An archive whose bytes are changed afterwards.
Malformed forged(const std::string& kind, const std::function<void(std::string&)>& change,
                 const std::string& says) {
  return {kind, "x.npz",
          [change](const auto& path) {
            std::string bytes = npz_bytes(path, right());
            change(bytes);
            put(path, bytes);
          },
          says};
}

// Offset of a field in the entry of the central directory of the first member.
std::size_t first_entry(const std::string& bytes) { return bytes.find("PK\x01\x02"); }

std::vector<Malformed> archives() {
  std::vector<Malformed> kinds{
      {"an empty archive", "x.npz", [](const auto& path) { put(path, ""); }, "it is empty"},
      {"text instead of an archive", "x.npz", [](const auto& path) { put(path, "hello"); },
       "not a zip archive"},
      {"a sparse archive of 200 GB", "x.npz",
       [](const auto& path) { put_sparse(path, "PK", 200'000'000'000); }, "the limit is"},
      {"a sparse archive of 15 GB", "x.npz", [](const auto& path) { put_sparse(path, "PK", 15'000'000'000); },
       "not a zip archive"},
      forged(
          "an archive that ends early", [](std::string& b) { b.resize(b.size() / 2); }, "not a zip archive"),
      forged(
          "a member declared as 3 GB",
          [](std::string& b) { b.replace(first_entry(b) + 24, 4, std::string("\0\0\0\xc0", 4)); },
          "unpack to more than"),
      forged(
          "a member declared longer than it is",
          [](std::string& b) { b[first_entry(b) + 24] = static_cast<char>(b[first_entry(b) + 24] + 8); },
          "q"),
      forged(
          "a member with another checksum",
          [](std::string& b) { b[first_entry(b) + 16] = static_cast<char>(b[first_entry(b) + 16] + 1); },
          "q"),
      forged(
          "a member twice",
          [](std::string& b) {
            for (std::size_t at = b.find("k.npy"); at != std::string::npos; at = b.find("k.npy", at + 1))
              b[at] = 'q';
          },
          "q twice"),
      {"270 MB of zeros", "x.npz",
       [](const auto& path) {
         write_npz(path, {{"q", npy_zeros("<f4", "(1, 1, 16875000, 4)", 270'000'000)}});
       },
       "unpack to more than"},
      npz("no scale", without("scale"), "np.savez(..., scale=0.5)"),
      npz("no causal", without("causal"), "np.savez(..., causal='top-left')"),
      npz("a scale with axes", with("scale", npy_zeros("<f8", "(1,)", 8)), "scale has axes"),
      npz("attn_mask", with("attn_mask", npy_zeros("|b1", "(2, 3)", 6)), "did you mean mask"),
      npz("is_causal", with("is_causal", npy_zeros("|b1", "()", 1)), "did you mean causal"),
      npz("a mask without axes", with("mask", npy_zeros("|b1", "()", 1)), "whose shape is [1] for one value"),
      npz("left_window_size", with("left_window_size", npy_zeros("<i8", "()", 8)),
          "did you mean window_left"),
      npz("an array of objects", with("q", npy_zeros("|O", "(1, 1, 2, 4)", 8)), "element type |O"),
  };
  Arrays many;
  for (int i = 0; i < 2'000; ++i) many.emplace_back("a" + std::to_string(i), "");
  kinds.push_back(npz("two thousand members", many, "2000 members"));
  return kinds;
}

Malformed folder(const std::string& kind, const Arrays& arrays, const std::string& says) {
  return {kind, "capture",
          [arrays](const auto& path) {
            fs::create_directory(path);
            for (const auto& [name, bytes] : arrays) put(path / (name + ".npy"), bytes);
          },
          says};
}

std::string q_with(const std::string& header) { return npy_file(header, std::string(32, '\0')); }

std::string long_shape(int axes) {
  std::string text = "(";
  for (int i = 0; i < axes; ++i) text += "1, ";
  return text + ")";
}

std::vector<Malformed> headers() {
  const std::string begin = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  std::string version = right()[0].second;
  version[6] = 9;
  std::string length = right()[0].second;
  length[8] = length[9] = '\xff';
  std::string long_header("\x93NUMPY\x02\0\0\0\x02\0", 12);
  long_header += std::string(std::size_t{2} << 16, ' ');
  return {
      folder("an array that is no .npy file", with("q", "hello"), "does not start like an .npy file"),
      folder("an empty array file", with("q", ""), "does not start like an .npy file"),
      folder("version 9", with("q", version), "version 9"),
      folder("a header longer than the file", with("q", length), "ends inside its header"),
      folder("a header of 128 KB", with("q", long_header), "the limit is 65536"),
      folder("a header that is no literal", with("q", q_with("hello")), "lacks a '{'"),
      folder("a structured array", with("q", q_with("{'descr': [('x', '<f4')]}")), "structured array"),
      folder("an unknown member", with("q", q_with(begin + "(8,), '" + std::string(9'000, 'm') + "': 1}")),
             "unknown member"),
      folder("a shape of words", with("q", q_with(begin + "(two,)}")), "not made of integers"),
      folder("a negative shape", with("q", q_with(begin + "(-2,)}")), "not made of integers"),
      folder("forty axes", with("q", q_with(begin + long_shape(40) + "}")), "more than 32 axes"),
      folder("twenty axes", with("q", q_with(begin + long_shape(20) + "}")), "20 axes"),
      folder("an extent of 2^62", with("q", q_with(begin + "(4611686018427387904,)}")), "too large"),
      folder("a shape whose product overflows",
             with("q", q_with(begin + "(4294967296, 4294967296, 4294967296)}")), "too large a shape"),
      folder("too few bytes", with("q", npy_zeros("<f4", "(1, 1, 2, 4)", 31)), "holds 31 bytes"),
      folder("too many bytes", with("q", npy_zeros("<f4", "(1, 1, 2, 4)", 33)), "holds 33 bytes"),
      folder("a shape of 256 TB", with("q", npy_zeros("<f4", "(1, 1, 16777216, 4194304)", 32)), "need"),
      folder("another byte order", with("q", npy_zeros(">f4", "(1, 1, 2, 4)", 32)), "element type >f4"),
      folder("a text of another length", with("causal", npy_zeros("<U8", "()", 31)), "its text needs 32"),
      folder("a text of 400 KB", with("causal", npy_zeros("<U99999", "()", 399'996)), "causal"),
  };
}

std::vector<Malformed> folders() {
  const auto make = [](const fs::path& path) {
    fs::create_directory(path);
    for (const auto& [name, bytes] : without("q")) put(path / (name + ".npy"), bytes);
  };
  return {
      folder("a folder of nothing", {}, "without .npy files"),
      folder("a folder without q", without("q"), "there is no q.npy (there are: k, out, v)"),
      folder("a folder without scale", without("scale"), "np.save('scale.npy', 0.5)"),
      {"a sparse array of 200 GB", "capture",
       [make](const auto& path) {
         make(path);
         put_sparse(path / "q.npy", right()[0].second, 200'000'000'000);
       },
       "the limit is"},
      {"a pipe for an array", "capture",
       [make](const auto& path) {
         make(path);
         ::mkfifo((path / "q.npy").c_str(), 0600);
       },
       "no regular file"},
      {"a folder for an array", "capture",
       [make](const auto& path) {
         make(path);
         fs::create_directory(path / "q.npy");
       },
       "is a folder"},
  };
}

}  // namespace

std::vector<Malformed> malformed_numpy() {
  std::vector<Malformed> kinds = archives();
  for (const auto& more : {headers(), folders()}) kinds.insert(kinds.end(), more.begin(), more.end());
  return kinds;
}

}  // namespace attest::cli
