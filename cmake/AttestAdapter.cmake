# One adapter to a kernel library: attest_adapter(NAME LIBRARIES ... PACKAGES ...), in src/kernel/adapters/NAME.
#   LIBRARIES  what it links: targets, or names that find_library finds
#   PACKAGES   the Debian packages that hold them; `./attest setup` reads them from the line with this word
# All sources of the folder belong to it; one of them defines NAME_adapter() (kernel/adapters/registry.hpp).
function(attest_adapter name)
  cmake_parse_arguments(arg "" "" "LIBRARIES;PACKAGES" ${ARGN})
  attest_library(attest_adapter_${name} kernel/adapters/${name} attest_adapter_support)
  foreach(library ${arg_LIBRARIES})
    if(NOT TARGET ${library})
      string(MAKE_C_IDENTIFIER "ATTEST_LIBRARY_${library}" found)
      find_library(${found} NAMES ${library})
      if(NOT ${found})
        message(FATAL_ERROR "The adapter ${name} needs the library ${library}. Debian packages: ${arg_PACKAGES}")
      endif()
      set(library ${${found}})
    endif()
    target_link_libraries(attest_adapter_${name} PRIVATE ${library})
  endforeach()
  target_compile_definitions(attest_adapter_${name} PRIVATE
    ATTEST_CACHE_DIR="${PROJECT_SOURCE_DIR}/build/cache") # of what drivers compile
  target_link_libraries(attest_adapter_${name} PRIVATE ${CMAKE_DL_LIBS})
  target_link_libraries(attest_kernel_adapters PRIVATE attest_adapter_${name})
endfunction()
