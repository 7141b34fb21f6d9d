# The project's kinds of target.

# Several files of a library are compiled as one, as their headers cost more than they do. OFF
# suits who edits one file again and again, and clang-tidy, which looks at each.
option(CODEANATOMY_UNITY "Compile the files of a library in batches" ON)

# ca_batches(sources name)
# Puts files that include up to twelve each in the place of the sources in the list. CMake's own
# UNITY_BUILD writes the clone's path into such files, so that clones could not share objects.
function(ca_batches sources name)
  file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  list(LENGTH ${sources} total)
  math(EXPR batch_count "(${total} + 11) / 12")
  math(EXPR batch_size "(${total} + ${batch_count} - 1) / ${batch_count}")
  set(result)
  foreach(index RANGE 1 ${batch_count})
    math(EXPR begin "(${index} - 1) * ${batch_size}")
    list(SUBLIST ${sources} ${begin} ${batch_size} batch)
    list(TRANSFORM batch REPLACE "(.+)" "#include \"${folder}/\\1\"\n")
    list(JOIN batch "" includes)
    set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}_batch_${index}.cc)
    file(CONFIGURE OUTPUT ${file} CONTENT "${includes}")
    list(APPEND result ${file})
  endforeach()
  set(${sources} ${result} PARENT_SCOPE)
endfunction()

# ca_library(name SOURCES file... [PUBLIC_DEPS target...] [PRIVATE_DEPS target...]
#            [PUBLIC_INCLUDES folder...])
# A static library, codeanatomy::<name> to other projects. Every folder may be included from the
# root of the repository; PUBLIC_INCLUDES adds further ones for the library and those who use it.
function(ca_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC_DEPS;PRIVATE_DEPS;PUBLIC_INCLUDES")
  if(CODEANATOMY_UNITY)
    ca_batches(arg_SOURCES ${name})
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  if(CODEANATOMY_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # In a batch, GCC takes a class with a member of a local type for one from a header; GCC 12
    # also sees the value of an empty std::optional read, behind the test for it.
    target_compile_options(${name} PRIVATE -Wno-subobject-linkage -Wno-maybe-uninitialized)
  endif()
  target_include_directories(${name} PUBLIC ${arg_PUBLIC_INCLUDES})
  target_link_libraries(${name}
    PUBLIC codeanatomy_flags ${arg_PUBLIC_DEPS}
    PRIVATE codeanatomy_warnings ${arg_PRIVATE_DEPS})
  add_library(codeanatomy::${name} ALIAS ${name})
endfunction()

# ca_test(name SOURCES file... [DEPS target...] [PCH target])
# A GoogleTest program and one ctest entry. PCH names a library whose precompiled header it
# uses too. A project that this one is added to gets no tests.
function(ca_test name)
  if(NOT PROJECT_IS_TOP_LEVEL)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PCH" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name}
    PRIVATE codeanatomy_warnings ${arg_DEPS} test_support third_party::gtest_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(arg_PCH)
    target_precompile_headers(${name} REUSE_FROM ${arg_PCH})
  endif()
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 600
    ENVIRONMENT
      "CODEANATOMY_SOURCE_DIR=${PROJECT_SOURCE_DIR};CODEANATOMY_BUILD_DIR=${PROJECT_BINARY_DIR}")
endfunction()

# ca_benchmark(name SOURCES file... [DEPS target...] [PART_OF folder])
# A program in <build>/benchmarks that `make bench` runs; with PART_OF it goes to the folder there,
# for a script that knows what to call it with.
function(ca_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PART_OF" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE codeanatomy_warnings ${arg_DEPS})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/benchmarks/${arg_PART_OF})
endfunction()

# ca_program(name SOURCES file... [DEPS target...])
# A program for users, in the build folder itself, beside libduckdb.so.
function(ca_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE codeanatomy_warnings ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()
