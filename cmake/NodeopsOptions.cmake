# What a preset or a packager can choose; everything else hangs on targets.
option(NODEOPS_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(NODEOPS_BUILD_FUZZERS "Build the fuzzers (clang only)" OFF)
option(NODEOPS_BUILD_BENCH "Build the benchmark's own programs" OFF)
option(NODEOPS_WARNINGS_AS_ERRORS "Fail on warnings (CI)" OFF)
set(NODEOPS_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

# One interface target carries how our own code is compiled; installed targets do not link it.
add_library(nodeops_build_settings INTERFACE)
target_compile_features(nodeops_build_settings INTERFACE cxx_std_20)
target_compile_options(nodeops_build_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       $<$<BOOL:${NODEOPS_WARNINGS_AS_ERRORS}>:-Werror>
                       # g++ 12 warns of std::string's own copies (GCC bug 105651).
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(NODEOPS_SANITIZE)
  target_compile_options(nodeops_build_settings INTERFACE -fsanitize=${NODEOPS_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer
                         # A third of the time that g++ takes; the fuzzers' build by clang has them.
                         $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,vptr,object-size>)
  target_link_options(nodeops_build_settings INTERFACE -fsanitize=${NODEOPS_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
