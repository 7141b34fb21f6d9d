# The project's kinds of target.

# ca_library(name SOURCES file... [PUBLIC_DEPS target...] [PRIVATE_DEPS target...]
#            [PUBLIC_INCLUDES folder...])
# A static library. Every folder may be included from the root of the repository;
# PUBLIC_INCLUDES adds further ones for the library and those who use it.
function(ca_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC_DEPS;PRIVATE_DEPS;PUBLIC_INCLUDES")
  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${arg_PUBLIC_INCLUDES})
  target_link_libraries(${name}
    PUBLIC codeanatomy_flags ${arg_PUBLIC_DEPS}
    PRIVATE ${arg_PRIVATE_DEPS})
endfunction()

# ca_test(name SOURCES file... [DEPS target...] [PCH target] [LABELS label...])
# A GoogleTest program and one ctest entry. PCH names a library whose precompiled header it
# uses too. A test with the label `long` runs in `make test-long` alone.
function(ca_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH" "SOURCES;DEPS;LABELS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name}
    PRIVATE codeanatomy_flags ${arg_DEPS} test_support third_party::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(arg_PCH)
    target_precompile_headers(${name} REUSE_FROM ${arg_PCH})
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 600
    LABELS "${arg_LABELS}"
    ENVIRONMENT "CODEANATOMY_SOURCE_DIR=${PROJECT_SOURCE_DIR};CODEANATOMY_BUILD_DIR=${PROJECT_BINARY_DIR}")
endfunction()

# ca_benchmark(name SOURCES file... [DEPS target...] [PCH target] [PART_OF folder])
# A program in <build>/benchmarks that `make bench` runs; with PART_OF it goes to the folder there,
# for a script that knows what to call it with.
function(ca_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH;PART_OF" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE codeanatomy_flags ${arg_DEPS} third_party::benchmark)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks/${arg_PART_OF})
  if(arg_PCH)
    target_precompile_headers(${name} REUSE_FROM ${arg_PCH})
  endif()
endfunction()

# ca_program(name SOURCES file... [DEPS target...])
# A program for users, in the build folder itself, beside libduckdb.so.
function(ca_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE codeanatomy_flags ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()
