# What the build checks beside the compiler: formatting, clang-tidy, and that each header stands alone.
find_program(CLANG_FORMAT NAMES clang-format-14 REQUIRED)
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy-14 REQUIRED)

file(GLOB_RECURSE style_sources CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/src/*.[ch]pp ${PROJECT_SOURCE_DIR}/tests/*.[ch]pp ${PROJECT_SOURCE_DIR}/properties/*.[ch]pp
  ${PROJECT_SOURCE_DIR}/proofs/*.[ch]pp ${PROJECT_SOURCE_DIR}/bench/*.[ch]pp ${PROJECT_SOURCE_DIR}/examples/*.[ch]pp)
add_test(NAME style.clang_format COMMAND ${CLANG_FORMAT} --dry-run -Werror ${style_sources})
# Each file costs clang-tidy some seconds, so the tests hold to it what verdicts rest on; `./attest lint` reads
# everything that ships.
add_test(NAME style.clang_tidy COMMAND ${RUN_CLANG_TIDY} -quiet -j 2 -p ${PROJECT_BINARY_DIR}
  "^${PROJECT_SOURCE_DIR}/src/(numerics|problem|oracle|laws|attention)/.*\\.cpp$")
add_custom_target(lint COMMAND ${RUN_CLANG_TIDY} -quiet -j 2 -p ${PROJECT_BINARY_DIR}
  "'^${PROJECT_SOURCE_DIR}/(src|properties|proofs)/.*\\.cpp$$'" VERBATIM)
set_tests_properties(style.clang_format style.clang_tidy PROPERTIES LABELS style)
set_tests_properties(style.clang_tidy PROPERTIES TIMEOUT 1500 RUN_SERIAL ON)

# One translation unit a header, with the include directories and definitions of everything.
file(GLOB_RECURSE public_headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/src/*.hpp)
set(header_units)
foreach(header ${public_headers})
  string(REPLACE "/" "_" unit ${header})
  set(unit ${PROJECT_BINARY_DIR}/header_units/${unit}.cpp)
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"  // IWYU pragma: keep\n#include \"${header}\"\n" @ONLY)
  list(APPEND header_units ${unit})
endforeach()
add_library(attest_headers_stand_alone OBJECT ${header_units})
