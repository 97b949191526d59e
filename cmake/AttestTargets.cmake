# One static library for a folder of src/ with its rooms, and what it may depend on. After APART: rooms and files that
# are libraries, or sets of compile options, of their own. After ROOMS: the only rooms and files that it has.
# Sources are found by pattern, so that adding a file needs no list to be edited.
function(attest_library name folder)
  cmake_parse_arguments(arg "" "" "APART;ROOMS" ${ARGN})
  set(root ${PROJECT_SOURCE_DIR}/src/${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/*.cpp)
  foreach(room ${arg_APART})
    list(FILTER sources EXCLUDE REGEX "^${root}/${room}(/|$)")
  endforeach()
  if(arg_ROOMS)
    list(JOIN arg_ROOMS "|" rooms)
    list(FILTER sources INCLUDE REGEX "^${root}/(${rooms})(/|$)")
  endif()
  if(NOT sources)
    message(STATUS "${name}: no sources yet")
    return()
  endif()
  add_library(${name} STATIC ${sources})
  # The Python extension links the same objects.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC attest_build_flags ${arg_UNPARSED_ARGUMENTS})
endfunction()

# One GoogleTest executable; every test of it is a ctest test of its own.
function(attest_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest_main)
  gtest_discover_tests(${name} TEST_PREFIX ${arg_LABEL}. DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
