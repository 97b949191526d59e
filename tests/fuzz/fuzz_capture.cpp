// Declarations of a capture: lines NAME=TEXT for its texts, and lines NAME:DTYPE:EXTENT,EXTENT,... for its
// tensors, which hold zeros. It is understood or refused, never more.
#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include "files/axis_order.hpp"
#include "files/names.hpp"
#include "files/problem_archive.hpp"
#include "fuzz_input.hpp"

namespace {

using namespace attest;

std::string_view taken_up_to(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

// At most 2^16 elements.
std::vector<std::int64_t> shape_from(std::string_view text) {
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  while (!text.empty() && shape.size() < 6) {
    const std::string_view part = taken_up_to(text, ',');
    std::int64_t extent = 0;
    std::from_chars(part.data(), part.data() + part.size(), extent);
    if (extent < 0 || extent > 256 || (count *= std::max<std::int64_t>(extent, 1)) > (1 << 16)) extent = 1;
    shape.push_back(extent);
  }
  return shape;
}

void add_line(files::TensorArchive& archive, std::string_view line) {
  const bool is_text = line.find('=') < line.find(':');
  const std::string name(taken_up_to(line, is_text ? '=' : ':'));
  if (is_text) {
    files::require_text_name(name);
    archive.texts.insert_or_assign(name, std::string(line));
    return;
  }
  files::require_tensor_name(name);
  const std::string dtype_name(taken_up_to(line, ':'));
  const DType dtype = dtype_from_name(dtype_name).value_or(DType::f32);
  archive.tensors.insert_or_assign(name, Tensor(dtype, shape_from(line)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return test::read_or_refuse([&] {
    files::TensorArchive archive;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    while (!text.empty()) add_line(archive, taken_up_to(text, '\n'));
    const files::AxisOrder order = files::axis_order_of(archive);
    const Problem problem = files::problem_from(archive);
    test::require(why_invalid(problem).empty(), "an invalid problem");
    files::result_from(archive, problem, order);
    // What is written in the same order says the same.
    const files::TensorArchive again = files::archive_of(problem, order);
    test::require(files::axis_order_of(again) == order, "another order of axes");
    const Problem same = files::problem_from(again);
    test::require(same.q.shape() == problem.q.shape() && same.k.shape() == problem.k.shape() &&
                      same.v.shape() == problem.v.shape() && same.causal == problem.causal &&
                      same.window_left == problem.window_left && same.softcap == problem.softcap,
                  "another problem");
  });
}
