# What the build checks in addition to the compiler: formatting, clang-tidy, the checks of tests/style, and that each
# header stands alone.
find_program(CLANG_FORMAT NAMES clang-format-14 REQUIRED)
find_program(RUN_CLANG_TIDY NAMES run-clang-tidy-14 REQUIRED)

file(GLOB_RECURSE style_sources CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/src/*.[ch]pp ${PROJECT_SOURCE_DIR}/tests/*.[ch]pp ${PROJECT_SOURCE_DIR}/properties/*.[ch]pp
  ${PROJECT_SOURCE_DIR}/proofs/*.[ch]pp ${PROJECT_SOURCE_DIR}/bench/*.[ch]pp ${PROJECT_SOURCE_DIR}/examples/*.[ch]pp
  ${PROJECT_SOURCE_DIR}/python/src/*.[ch]pp)
add_test(NAME style.clang_format COMMAND ${CLANG_FORMAT} --dry-run -Werror ${style_sources})
# Each file costs clang-tidy some seconds, so the tests hold to it what verdicts rest on; `./attest lint` reads
# everything that ships.
add_test(NAME style.clang_tidy COMMAND ${RUN_CLANG_TIDY} -quiet -j 2 -p ${PROJECT_BINARY_DIR}
  "^${PROJECT_SOURCE_DIR}/src/(numerics|problem|oracle)/.*\\.cpp$")
add_custom_target(lint COMMAND ${RUN_CLANG_TIDY} -quiet -j 2 -p ${PROJECT_BINARY_DIR}
  "'^${PROJECT_SOURCE_DIR}/(src|properties|proofs)/.*\\.cpp$$'" VERBATIM)
set_tests_properties(style.clang_format style.clang_tidy PROPERTIES LABELS style)
set_tests_properties(style.clang_tidy PROPERTIES TIMEOUT 1500 RUN_SERIAL ON)

# Each check of tests/style is a script, NAME.py ROOT BUILD, with a test that it fails where it should, NAME_test.py.
find_program(PYTHON3 NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
file(GLOB style_tests CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/tests/style
  ${PROJECT_SOURCE_DIR}/tests/style/*_test.py)
foreach(test ${style_tests})
  string(REPLACE "_test.py" "" check ${test})
  add_test(NAME style.${check} COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/tests/style/${check}.py
    ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  add_test(NAME style.${check}_self_test COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/tests/style/${test})
  set_tests_properties(style.${check} style.${check}_self_test PROPERTIES LABELS style TIMEOUT 60)
endforeach()

# The examples of docs/extending.md apply to the tree and compile.
add_test(NAME docs.extending COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/tests/docs/extending.py
  ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
add_test(NAME docs.extending_self_test COMMAND ${PYTHON3} -B ${PROJECT_SOURCE_DIR}/tests/docs/extending_test.py)
set_tests_properties(docs.extending docs.extending_self_test PROPERTIES LABELS docs TIMEOUT 600)

# A header with a source file of its own is that file's first include (the formatter puts it there), which shows
# that it stands alone; each other header gets a translation unit here.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/src/*.hpp)
set(header_units)
foreach(header ${headers})
  string(REGEX REPLACE "\\.hpp$" ".cpp" source ${header})
  if(NOT EXISTS ${PROJECT_SOURCE_DIR}/src/${source})
    string(REPLACE "/" "_" unit ${header})
    set(unit ${PROJECT_BINARY_DIR}/header_units/${unit}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
    list(APPEND header_units ${unit})
  endif()
endforeach()
# The ABI's header, for users in C.
file(GLOB headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/include/attest/*.h)
foreach(header ${headers})
  string(REPLACE "/" "_" unit ${header})
  set(unit ${PROJECT_BINARY_DIR}/header_units/${unit}.c)
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
  list(APPEND header_units ${unit})
endforeach()
add_library(attest_headers_stand_alone OBJECT ${header_units})
target_compile_options(attest_headers_stand_alone PRIVATE -O0 -g0)
target_link_libraries(attest_headers_stand_alone PRIVATE attest_report attest_z3 Eigen3::Eigen)
