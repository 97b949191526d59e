#include "files/safetensors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "files/integers.hpp"
#include "files/strict_json.hpp"
#include "problem/quote.hpp"

namespace attest::files {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;

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

Json header_of(const ByteSource& source, std::uint64_t length) {
  std::string text(static_cast<std::size_t>(length), '\0');
  source.read(kLengthBytes, std::as_writable_bytes(std::span(text)));
  try {
    Json header = parse_json(text);
    if (!header.is_object()) throw FileFormatError("not a JSON object");
    return header;
  } catch (const FileFormatError& error) {
    throw FileFormatError(fmt::format("safetensors: the header: {}", error.what()));
  }
}

std::uint64_t header_length(const ByteSource& source) {
  if (source.size() < kLengthBytes) {
    throw FileFormatError(
        fmt::format("safetensors: {} bytes are too few for a header length", source.size()));
  }
  std::array<std::byte, kLengthBytes> bytes{};
  source.read(0, bytes);
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;)
    length = length << 8 | std::to_integer<std::uint64_t>(bytes[i]);
  if (length > source.size() - kLengthBytes) {
    throw FileFormatError(
        fmt::format("safetensors: the header's length, {}, exceeds the {} bytes that follow it", length,
                    source.size() - kLengthBytes));
  }
  if (length > kMostHeaderBytes) {
    throw FileFormatError(
        fmt::format("safetensors: the header has {} bytes; the limit is {}", length, kMostHeaderBytes));
  }
  return length;
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

// Where a tensor lies in the file.
struct Entry {
  std::string name;
  std::optional<DType> dtype;  // none: a type that attest does not support
  std::string type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

Entry entry_of(const std::string& name, const Json& json, std::uint64_t data_begin, std::uint64_t size) {
  const std::string what = fmt::format("safetensors: tensor \"{}\"", quote(name));
  if (!json.is_object()) throw FileFormatError(what + " is not described by an object");
  const Json& type = member(json, "dtype", what);
  if (!type.is_string()) throw FileFormatError(what + ": \"dtype\" is not a string");
  Entry entry{name, dtype_of(type.get<std::string>()), type.get<std::string>(),
              extents(member(json, "shape", what), "shape", what)};
  const std::int64_t count = checked_count(entry.shape, what);
  const std::vector<std::int64_t> offsets = extents(member(json, "data_offsets", what), "data_offsets", what);
  const std::uint64_t held = size - data_begin;
  if (offsets.size() != 2 || offsets[0] > offsets[1] || static_cast<std::uint64_t>(offsets[1]) > held) {
    throw FileFormatError(
        fmt::format("{}: data_offsets are not a range inside the {} bytes of data", what, held));
  }
  entry.begin = data_begin + static_cast<std::uint64_t>(offsets[0]);
  entry.end = data_begin + static_cast<std::uint64_t>(offsets[1]);
  const std::int64_t bytes = offsets[1] - offsets[0];
  const std::optional<IntegerType> integers = integer_type(entry.type);
  const std::size_t size_each = entry.dtype ? size_of(*entry.dtype) : integers ? integers->bytes : 0;
  if (size_each > 0 && bytes != count * static_cast<std::int64_t>(size_each)) {
    throw FileFormatError(
        fmt::format("{}: {} bytes for {} elements of {}", what, bytes, count, quote(entry.type)));
  }
  return entry;
}

// In the order of the file.
void require_apart(std::vector<Entry> entries) {
  std::erase_if(entries, [](const Entry& entry) { return entry.begin == entry.end; });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].begin < entries[i - 1].end) {
      throw FileFormatError(fmt::format("safetensors: tensors \"{}\" and \"{}\" overlap",
                                        quote(entries[i - 1].name), quote(entries[i].name)));
    }
  }
}

Tensor tensor_of(const Entry& entry, const ByteSource& source) {
  Tensor tensor(*entry.dtype, entry.shape);
  if (entry.begin < entry.end) source.read(entry.begin, tensor.bytes());
  return tensor;
}

// Of a type without a dtype: its values, or where i32 does not hold them, its name alone.
void put_foreign(const Entry& entry, const ByteSource& source, TensorArchive& archive) {
  if (const std::optional<IntegerType> type = integer_type(entry.type)) {
    std::vector<std::byte> elements(static_cast<std::size_t>(entry.end - entry.begin));
    if (!elements.empty()) source.read(entry.begin, elements);
    std::optional<Tensor> tensor = narrowed(*type, elements, entry.shape, row_major_strides(entry.shape));
    if (tensor) {
      archive.tensors.emplace(entry.name, std::move(*tensor));
      return;
    }
  }
  archive.foreign.emplace(entry.name, entry.type);
}

void read_texts(const Json& metadata, TensorArchive& archive) {
  if (!metadata.is_object()) throw FileFormatError("safetensors: __metadata__ is not an object");
  for (const auto& [name, text] : metadata.items()) {
    const std::string what = fmt::format("safetensors: __metadata__ \"{}\"", quote(name));
    if (!text.is_string()) throw FileFormatError(what + " is not a string");
    if (text.get_ref<const std::string&>().size() > kMostTextBytes)
      throw FileFormatError(fmt::format("{} has more than {} bytes", what, kMostTextBytes));
    archive.texts.insert_or_assign(name, text.get<std::string>());
  }
}

}  // namespace

TensorArchive parse_safetensors(const ByteSource& source, const NameCheck& check) {
  const std::uint64_t length = header_length(source);
  const Json header = header_of(source, length);
  TensorArchive archive;
  std::vector<Entry> entries;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      read_texts(entry, archive);
      continue;
    }
    if (check) check(name);
    entries.push_back(entry_of(name, entry, kLengthBytes + length, source.size()));
  }
  require_apart(entries);
  for (const Entry& entry : entries) {
    if (entry.dtype) {
      archive.tensors.emplace(entry.name, tensor_of(entry, source));
    } else {
      put_foreign(entry, source, archive);
    }
  }
  return archive;
}

TensorArchive parse_safetensors(ByteView file, const NameCheck& check) {
  return parse_safetensors(MemorySource(file), check);
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
