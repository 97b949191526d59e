#include "files/safetensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attest::files {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMostHeader = 100'000'000;  // the reference implementation's limit

struct Named {
  const char* name;
  DType dtype;
};
constexpr std::array<Named, 7> kDTypes{{{"F64", DType::f64},
                                        {"F32", DType::f32},
                                        {"F16", DType::f16},
                                        {"BF16", DType::bf16},
                                        {"I32", DType::i32},
                                        {"U8", DType::u8},
                                        {"BOOL", DType::u8}}};

std::optional<DType> dtype_of(const std::string& name) {
  const auto found =
      std::find_if(kDTypes.begin(), kDTypes.end(), [&](const Named& n) { return name == n.name; });
  return found == kDTypes.end() ? std::nullopt : std::optional(found->dtype);
}

const char* name_in_file(DType dtype) {
  return std::find_if(kDTypes.begin(), kDTypes.end(), [&](const Named& n) { return n.dtype == dtype; })->name;
}

struct Parts {
  Json header;
  ByteView data;
};

Parts parts_of(ByteView file) {
  if (file.size() < kLengthBytes) {
    throw FileFormatError(fmt::format("safetensors: {} bytes are too few for a header length", file.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) length = length << 8 | std::to_integer<std::uint64_t>(file[i]);
  if (length > kMostHeader || length > file.size() - kLengthBytes) {
    throw FileFormatError(
        fmt::format("safetensors: the header's length, {}, exceeds the {} bytes that follow it", length,
                    file.size() - kLengthBytes));
  }
  const char* text = reinterpret_cast<const char*>(file.data()) + kLengthBytes;
  try {
    Json header = Json::parse(text, text + length);
    if (!header.is_object()) throw FileFormatError("safetensors: the header is not a JSON object");
    return {std::move(header), file.subspan(kLengthBytes + static_cast<std::size_t>(length))};
  } catch (const Json::exception& error) {
    throw FileFormatError(fmt::format("safetensors: the header is not JSON: {}", error.what()));
  }
}

const Json& member(const Json& entry, const char* name, const std::string& what) {
  const auto found = entry.find(name);
  if (found == entry.end()) throw FileFormatError(fmt::format("{} has no \"{}\"", what, name));
  return *found;
}

std::vector<std::int64_t> extents(const Json& json, const char* name, const std::string& what) {
  if (!json.is_array()) throw FileFormatError(fmt::format("{}: \"{}\" is not an array", what, name));
  std::vector<std::int64_t> numbers;
  for (const Json& item : json) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 62;
    if (!item.is_number_unsigned() || item.get<std::uint64_t>() > kMost) {
      throw FileFormatError(fmt::format("{}: \"{}\" must hold integers >= 0", what, name));
    }
    numbers.push_back(item.get<std::int64_t>());
  }
  return numbers;
}

void read_tensor(const std::string& name, const Json& entry, ByteView data, TensorArchive& archive) {
  const std::string what = fmt::format("safetensors: tensor \"{}\"", name);
  if (!entry.is_object()) throw FileFormatError(what + " is not described by an object");
  const Json& type = member(entry, "dtype", what);
  if (!type.is_string()) throw FileFormatError(what + ": \"dtype\" is not a string");
  const std::vector<std::int64_t> shape = extents(member(entry, "shape", what), "shape", what);
  const std::int64_t count = checked_count(shape, what);
  const std::vector<std::int64_t> offsets =
      extents(member(entry, "data_offsets", what), "data_offsets", what);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || static_cast<std::size_t>(offsets[1]) > data.size()) {
    throw FileFormatError(
        fmt::format("{}: data_offsets are not a range inside the {} bytes of data", what, data.size()));
  }
  const std::optional<DType> dtype = dtype_of(type.get<std::string>());
  if (!dtype) {
    archive.foreign.emplace(name, type.get<std::string>());
    return;
  }
  const std::int64_t bytes = offsets[1] - offsets[0];
  if (bytes != count * static_cast<std::int64_t>(size_of(*dtype))) {
    throw FileFormatError(
        fmt::format("{}: {} bytes for {} elements of {}", what, bytes, count, type.get<std::string>()));
  }
  Tensor tensor(*dtype, shape);
  if (bytes > 0)
    std::memcpy(tensor.bytes().data(), data.data() + offsets[0], static_cast<std::size_t>(bytes));
  archive.tensors.insert_or_assign(name, std::move(tensor));
}

void read_texts(const Json& metadata, TensorArchive& archive) {
  if (!metadata.is_object()) throw FileFormatError("safetensors: __metadata__ is not an object");
  for (const auto& [name, text] : metadata.items()) {
    if (!text.is_string()) {
      throw FileFormatError(fmt::format("safetensors: __metadata__ \"{}\" is not a string", name));
    }
    archive.texts.insert_or_assign(name, text.get<std::string>());
  }
}

}  // namespace

TensorArchive parse_safetensors(ByteView file) {
  const auto [header, data] = parts_of(file);
  TensorArchive archive;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      read_texts(entry, archive);
    } else {
      read_tensor(name, entry, data, archive);
    }
  }
  return archive;
}

Bytes safetensors_of(const TensorArchive& archive) {
  std::vector<std::pair<std::string, Tensor>> tensors;
  for (const auto& [name, tensor] : archive.tensors) {
    tensors.emplace_back(name, tensor.with_strides(row_major_strides(tensor.shape())));
  }
  std::stable_sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) {
    return size_of(a.second.dtype()) > size_of(b.second.dtype());
  });
  Json header = Json::object();
  if (!archive.texts.empty()) header["__metadata__"] = archive.texts;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t end = offset + tensor.bytes().size();
    header[name] = {
        {"dtype", name_in_file(tensor.dtype())}, {"shape", tensor.shape()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  Bytes file;
  file.reserve(kLengthBytes + text.size() + offset);
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    file.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xff));
  }
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  file.insert(file.end(), begin, begin + text.size());
  for (const auto& [name, tensor] : tensors) {
    file.insert(file.end(), tensor.bytes().begin(), tensor.bytes().end());
  }
  return file;
}

}  // namespace attest::files
