# Registers the check of a kernel with ctest, as the test "attest.NAME":
#
#   attest_add_check(TARGET [NAME name] [SYMBOL function] [CONTRACT field ...] [REQUIRE feature ...]
#                    [EFFORT quick|ci|deep] [OPTIONS option ...])
#
# TARGET     a library of kind MODULE or SHARED that exports a kernel (attest/kernel.h)
# NAME       default: TARGET
# SYMBOL     the exported function; default: attest_kernel_forward
# CONTRACT   what the kernel promises about its arithmetic, a preset and then fields (attest list contracts):
#            CONTRACT flash-f16 splits=4
# REQUIRE    features that the kernel must support (attest list features): REQUIRE f16 causal head-dim:128
# EFFORT     number of cases; default: quick
# OPTIONS    further options of attest check
#
# The test fails unless attest check exits with 0, the verdict "conforming". It prints the smallest case of each
# finding. Case files for attest replay are in attest/NAME of the current build folder.
function(attest_add_check target)
  cmake_parse_arguments(arg "" "NAME;SYMBOL;EFFORT" "CONTRACT;REQUIRE;OPTIONS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "attest_add_check does not know: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "attest_add_check: ${target} is not a target")
  endif()
  if(NOT arg_NAME)
    set(arg_NAME ${target})
  endif()
  set(kernel $<TARGET_FILE:${target}>)
  if(arg_SYMBOL)
    string(APPEND kernel ":${arg_SYMBOL}")
  endif()
  set(timeout_quick 600)
  set(timeout_ci 1800)
  set(timeout_deep 7200)
  if(NOT arg_EFFORT)
    set(arg_EFFORT quick)
  endif()
  if(NOT DEFINED timeout_${arg_EFFORT})
    message(FATAL_ERROR "attest_add_check: EFFORT is quick, ci or deep, not ${arg_EFFORT}")
  endif()
  set(options --effort ${arg_EFFORT} --findings ${CMAKE_CURRENT_BINARY_DIR}/attest/${arg_NAME} ${arg_OPTIONS})
  if(arg_REQUIRE)
    list(JOIN arg_REQUIRE "," require)
    list(APPEND options --require ${require})
  endif()
  # The fields of a contract are joined as attest reads them; an argument of its own, for its semicolons.
  if(arg_CONTRACT)
    add_test(NAME attest.${arg_NAME}
      COMMAND attest::attest check ${kernel} ${options} --contract "${arg_CONTRACT}")
  else()
    add_test(NAME attest.${arg_NAME} COMMAND attest::attest check ${kernel} ${options})
  endif()
  set_tests_properties(attest.${arg_NAME} PROPERTIES LABELS attest TIMEOUT ${timeout_${arg_EFFORT}})
endfunction()
