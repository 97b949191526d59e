#include "array.hpp"

#include <cmath>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

namespace attest::python {
namespace {

namespace nb = nanobind;

std::optional<DType> dtype_of(const nb::dlpack::dtype& dtype) {
  if (dtype.lanes != 1) return std::nullopt;
  if (dtype.code == static_cast<std::uint8_t>(nb::dlpack::dtype_code::Bool) && dtype.bits == 8)
    return DType::u8;
  for (const DType known : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i32, DType::u8}) {
    const DLDataType expected = to_dlpack(known);
    if (dtype.code == expected.code && dtype.bits == expected.bits) return known;
  }
  return std::nullopt;
}

}  // namespace

Array Array::at(std::uintptr_t address, const std::string& dtype, std::vector<std::int64_t> shape,
                std::vector<std::int64_t> strides, nb::object owner) {
  const std::optional<DType> known = dtype_from_name(dtype);
  if (!known) throw std::invalid_argument(fmt::format("'{}' is no dtype of attest", dtype));
  const auto* origin = reinterpret_cast<const std::byte*>(address);  // as __array_interface__ states it
  return {Tensor::borrowed(*known, std::move(shape), std::move(strides), origin), std::move(owner)};
}

Array Array::of(nb::object object) {
  nb::ndarray<nb::ro> array;
  if (!nb::try_cast(object, array))
    throw nb::type_error(
        "expected an array: NumPy, PyTorch, JAX, CuPy, or an object with __dlpack__ or a buffer");
  if (array.device_type() != nb::device::cpu::value)
    throw nb::type_error("expected an array in the host's memory");
  const std::optional<DType> dtype = dtype_of(array.dtype());
  if (!dtype)
    throw nb::type_error(
        fmt::format("expected float64, float32, float16, bfloat16, int32, uint8 or bool, got "
                    "DLPack's type {} with {} bits",
                    array.dtype().code, array.dtype().bits)
            .c_str());
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
  for (std::size_t axis = 0; axis < array.ndim(); ++axis) {
    shape.push_back(static_cast<std::int64_t>(array.shape(axis)));
    strides.push_back(array.stride(axis));
  }
  const auto* origin = static_cast<const std::byte*>(array.data());
  return {Tensor::borrowed(*dtype, std::move(shape), std::move(strides), origin), nb::cast(std::move(array))};
}

Array Array::as_float32() const {
  Tensor narrow(DType::f32, tensor.shape());
  const std::vector<double> values = tensor.values();
  for (const double x : values) {
    if (!std::isnan(x) && representable(DType::f32, x) != x)
      throw std::invalid_argument(fmt::format("{} is no float32", x));
  }
  narrow.assign(values);
  return {std::move(narrow), nb::none()};
}

void add_array(nb::module_& m) {
  nb::class_<Array>(m, "Array", "Elements of another object, seen with a dtype, a shape and strides.")
      .def_static("at", &Array::at, nb::arg("address"), nb::arg("dtype"), nb::arg("shape"),
                  nb::arg("strides"), nb::arg("owner").none(),
                  "Elements at an address that `owner` keeps; strides count elements and may be negative.")
      .def_static("of", &Array::of, nb::arg("object"), "Elements of an object with __dlpack__ or a buffer.")
      .def("as_float32", &Array::as_float32, "A copy; ValueError where a value is no float32.")
      .def_prop_ro("dtype", [](const Array& a) { return name_of(a.tensor.dtype()); })
      .def_prop_ro("shape", [](const Array& a) { return a.tensor.shape(); })
      .def_prop_ro("strides", [](const Array& a) { return a.tensor.strides(); })
      .def_prop_ro("address",
                   [](const Array& a) { return reinterpret_cast<std::uintptr_t>(a.tensor.data()); });
}

}  // namespace attest::python
