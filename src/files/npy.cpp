#include "files/npy.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "files/integers.hpp"
#include "files/npy_header.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

struct Element {
  const char* descr;
  DType dtype;
};
// "<V2" and "|V2" are what ml_dtypes makes of bfloat16.
constexpr std::array<Element, 9> kElements{{{"<f8", DType::f64},
                                            {"<f4", DType::f32},
                                            {"<f2", DType::f16},
                                            {"<V2", DType::bf16},
                                            {"|V2", DType::bf16},
                                            {"bfloat16", DType::bf16},
                                            {"<i4", DType::i32},
                                            {"|u1", DType::u8},
                                            {"|b1", DType::u8}}};

std::vector<std::int64_t> strides_of(const NpyHeader& header) {
  std::vector<std::int64_t> strides = row_major_strides(header.shape);
  if (!header.fortran_order) return strides;
  std::int64_t step = 1;
  for (std::size_t axis = 0; axis < strides.size(); ++axis) {
    strides[axis] = step;
    step *= header.shape[axis];
  }
  return strides;
}

// The array's elements in the file.
struct Data {
  const ByteSource& source;
  std::uint64_t begin = 0;
  std::int64_t count = 0;

  std::uint64_t bytes() const { return source.size() - begin; }
  void read(std::span<std::byte> to) const { source.read(begin, to); }
};

void require_bytes(const std::string& name, const Data& data, std::int64_t size) {
  if (data.bytes() != static_cast<std::uint64_t>(data.count * size)) {
    throw FileFormatError(fmt::format("npy: {} holds {} bytes of data, its {} elements of {} bytes need {}",
                                      quote(name), data.bytes(), data.count, size, data.count * size));
  }
}

// Without strides of its own an empty tensor has no storage.
Tensor tensor_of(const NpyHeader& header, DType dtype, const Data& data) {
  Tensor tensor =
      data.count == 0 ? Tensor(dtype, header.shape) : Tensor(dtype, header.shape, strides_of(header));
  if (data.count > 0) data.read(tensor.bytes());
  return tensor;
}

// Bytes of a string that "<U7" or "|S7" describes; none: it describes no string, or too long a one.
std::optional<std::size_t> text_bytes(const std::string& descr) {
  constexpr std::size_t kMostDigits = 5;
  if (descr.size() < 3 || descr.size() > 2 + kMostDigits || (descr[1] != 'U' && descr[1] != 'S'))
    return std::nullopt;
  std::size_t characters = 0;
  for (const char c : std::string_view(descr).substr(2)) {
    if (c < '0' || c > '9') return std::nullopt;
    characters = characters * 10 + static_cast<std::size_t>(c - '0');
  }
  const std::size_t bytes = characters * (descr[1] == 'U' ? 4 : 1);
  return bytes <= kMostTextBytes ? std::optional(bytes) : std::nullopt;
}

std::string text_of(const NpyHeader& header, const Data& data, std::size_t bytes) {
  std::vector<std::byte> held(bytes);
  data.read(held);
  const std::size_t size = header.descr[1] == 'U' ? 4 : 1;
  std::string text;
  for (std::size_t at = 0; at + size <= held.size(); at += size) {
    const auto c = std::to_integer<unsigned char>(held[at]);
    const bool ascii = c < 0x80 && std::all_of(held.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                               held.begin() + static_cast<std::ptrdiff_t>(at + size),
                                               [](std::byte b) { return b == std::byte{}; });
    if (c == 0 && ascii) break;
    text.push_back(ascii ? static_cast<char>(c) : '?');
  }
  return text;
}

// In i32, where all values fit.
std::optional<Tensor> integers_of(const NpyHeader& header, IntegerType type, const Data& data) {
  std::vector<std::byte> elements(static_cast<std::size_t>(data.count) * type.bytes);
  data.read(elements);
  return narrowed(type, elements, header.shape, strides_of(header));
}

std::string number_text(const NpyHeader& header, double value) {
  if (header.descr == "|b1") return value != 0 ? "True" : "False";
  return fmt::format("{}", value);
}

void put(const NpyHeader& header, const Data& data, const std::string& name, TensorArchive& archive) {
  const auto element = std::find_if(kElements.begin(), kElements.end(),
                                    [&](const Element& e) { return header.descr == e.descr; });
  std::optional<Tensor> tensor;
  if (element != kElements.end()) {
    require_bytes(name, data, static_cast<std::int64_t>(size_of(element->dtype)));
    tensor = tensor_of(header, element->dtype, data);
  } else if (const std::optional<IntegerType> type = integer_type(header.descr)) {
    require_bytes(name, data, static_cast<std::int64_t>(type->bytes));
    tensor = integers_of(header, *type, data);
  }
  if (!tensor) {
    archive.foreign.insert_or_assign(name, header.descr);
  } else if (header.shape.empty()) {
    archive.texts.insert_or_assign(name, number_text(header, tensor->values().at(0)));
  } else {
    archive.tensors.insert_or_assign(name, std::move(*tensor));
  }
}

}  // namespace

void parse_npy(const ByteSource& source, const std::string& name, TensorArchive& archive) {
  const NpyHeader header = read_npy_header(source, name);
  const std::int64_t count = checked_count(header.shape, "npy: " + quote(name));
  const Data data{source, header.data_begin, count};
  const std::optional<std::size_t> text = count == 1 ? text_bytes(header.descr) : std::nullopt;
  if (text) {
    if (data.bytes() != *text)
      throw FileFormatError(
          fmt::format("npy: {} holds {} bytes of data, its text needs {}", quote(name), data.bytes(), *text));
    archive.texts.insert_or_assign(name, text_of(header, data, *text));
  } else {
    put(header, data, name, archive);
  }
}

void parse_npy(ByteView file, const std::string& name, TensorArchive& archive) {
  parse_npy(MemorySource(file), name, archive);
}

}  // namespace attest::files
