# Every dependency as a target third_party::<name>; docs/dependencies.md says why each.

find_package(CLI11 REQUIRED)
find_package(CURL 7.75 REQUIRED)
find_package(GTest REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(roaring REQUIRED)
find_package(simdjson REQUIRED)
find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
find_library(B2_LIBRARY b2 REQUIRED)
find_path(B2_INCLUDE_DIR blake2.h REQUIRED)

function(third_party_alias name target)
  add_library(third_party_${name} INTERFACE)
  target_link_libraries(third_party_${name} INTERFACE ${target})
  add_library(third_party::${name} ALIAS third_party_${name})
endfunction()

third_party_alias(b2 ${B2_LIBRARY})
third_party_alias(cli11 CLI11::CLI11)
third_party_alias(crypto OpenSSL::Crypto)
third_party_alias(curl CURL::libcurl)
third_party_alias(fmt fmt::fmt)
third_party_alias(gmock GTest::gmock)
third_party_alias(gtest GTest::gtest)
third_party_alias(gtest_main GTest::gtest_main)
third_party_alias(icu ICU::uc)
third_party_alias(jemalloc ${JEMALLOC_LIBRARY})
third_party_alias(nlohmann_json nlohmann_json::nlohmann_json)
third_party_alias(roaring roaring::roaring)
third_party_alias(simdjson simdjson::simdjson)
third_party_alias(threads Threads::Threads)
third_party_alias(zlib ZLIB::ZLIB)
target_include_directories(third_party_b2 SYSTEM INTERFACE ${B2_INCLUDE_DIR})

# The pinned sources, from the cache or, the first time, from their registries.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
  ${PROJECT_SOURCE_DIR}/third_party/Cargo.toml ${PROJECT_SOURCE_DIR}/third_party/Cargo.lock
  ${PROJECT_SOURCE_DIR}/third_party/npm.lock ${PROJECT_SOURCE_DIR}/tools/fetch_third_party.sh)
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/fetch_third_party.sh
  OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

function(third_party_c_library name include_dir)
  add_library(third_party_${name} STATIC ${ARGN})
  target_include_directories(third_party_${name} SYSTEM PUBLIC ${include_dir})
  add_library(third_party::${name} ALIAS third_party_${name})
endfunction()

set(blake3 ${prefix}/blake3)
set(blake3_sources ${blake3}/blake3.c ${blake3}/blake3_dispatch.c ${blake3}/blake3_portable.c)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  list(APPEND blake3_sources
    ${blake3}/blake3_sse2_x86-64_unix.S ${blake3}/blake3_sse41_x86-64_unix.S
    ${blake3}/blake3_avx2_x86-64_unix.S ${blake3}/blake3_avx512_x86-64_unix.S)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  list(APPEND blake3_sources ${blake3}/blake3_neon.c)
endif()
third_party_c_library(blake3 ${blake3} ${blake3_sources})

# The hot loop of extraction is inside tree-sitter and its grammar: one library of both, built by a
# script because it is trained.
set(python_parser ${PROJECT_BINARY_DIR}/python_parser/libpython_parser.a)
set(python_parser_script ${PROJECT_SOURCE_DIR}/tools/build_python_parser.sh)
add_custom_command(OUTPUT ${python_parser}
  COMMAND ${python_parser_script} ${CMAKE_C_COMPILER} ${prefix}/tree-sitter
    ${prefix}/tree-sitter-python ${PROJECT_BINARY_DIR}/python_parser
  DEPENDS ${python_parser_script} ${PROJECT_SOURCE_DIR}/third_party/train_python_parser.c
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  COMMENT "Building the Python parser"
  VERBATIM)
add_custom_target(python_parser DEPENDS ${python_parser})
add_library(third_party_tree_sitter_python STATIC IMPORTED GLOBAL)
set_target_properties(third_party_tree_sitter_python PROPERTIES
  IMPORTED_LOCATION ${python_parser}
  INTERFACE_INCLUDE_DIRECTORIES ${prefix}/tree-sitter/include)
add_dependencies(third_party_tree_sitter_python python_parser)
add_library(third_party::tree_sitter_python ALIAS third_party_tree_sitter_python)

# DuckDB: a folder with include/ and lib/, as the fetched one. The internal headers belong to
# include/duckdb/, those of the Parquet extension to include/parquet/, the third-party headers
# that these include to include/third_party/.
set(DUCKDB_ROOT "" CACHE PATH "DuckDB 1.5.5 to build with, in place of the fetched one")
set(duckdb ${DUCKDB_ROOT})
if(NOT duckdb)
  set(duckdb ${prefix}/duckdb)
endif()
foreach(file include/duckdb.hpp lib/libduckdb.so)
  if(NOT EXISTS ${duckdb}/${file})
    message(FATAL_ERROR "DuckDB at ${duckdb} has no ${file}")
  endif()
endforeach()
set(duckdb_includes ${duckdb}/include)
foreach(folder parquet third_party/parquet third_party/thrift third_party/fastpforlib
               third_party/mbedtls/include third_party/zstd/include third_party/re2
               third_party/yyjson/include)
  if(EXISTS ${duckdb}/include/${folder})
    list(APPEND duckdb_includes ${duckdb}/include/${folder})
  endif()
endforeach()
# Beside the binary, so that a build folder can be moved and programs find it by $ORIGIN.
file(COPY ${duckdb}/lib/libduckdb.so DESTINATION ${PROJECT_BINARY_DIR} FOLLOW_SYMLINK_CHAIN)
add_library(third_party_duckdb SHARED IMPORTED GLOBAL)
set_target_properties(third_party_duckdb PROPERTIES
  IMPORTED_LOCATION ${PROJECT_BINARY_DIR}/libduckdb.so
  INTERFACE_INCLUDE_DIRECTORIES "${duckdb_includes}")
add_library(third_party::duckdb ALIAS third_party_duckdb)
