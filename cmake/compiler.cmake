# How our own code is compiled. Third-party code, and a project that this one is added to, are not
# held to these flags: codeanatomy_warnings stays with a target, codeanatomy_flags goes to its
# users.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
set(CMAKE_INSTALL_RPATH $ORIGIN)

foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O1 -g1")
endforeach()

# Everything alike, or programs could not use the precompiled headers of libraries.
add_compile_options(-fPIC)

set(CODEANATOMY_SANITIZE "" CACHE STRING "What -fsanitize= gets for our code; empty for none")
option(CODEANATOMY_WERROR "Treat warnings in our code as errors" ON)

add_library(codeanatomy_warnings INTERFACE)
# Members with a default may be left out of a designated initializer.
target_compile_options(codeanatomy_warnings INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in std::string's operator+ where there are none.
  target_compile_options(codeanatomy_warnings INTERFACE -Wno-restrict)
endif()
if(CODEANATOMY_WERROR)
  target_compile_options(codeanatomy_warnings INTERFACE -Werror)
endif()

add_library(codeanatomy_flags INTERFACE)
target_include_directories(codeanatomy_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_features(codeanatomy_flags INTERFACE cxx_std_20)
if(CODEANATOMY_SANITIZE)
  # DuckDB is not instrumented: its objects have no type information that the vptr check needs.
  set(sanitize -fsanitize=${CODEANATOMY_SANITIZE} -fno-omit-frame-pointer)
  if(CODEANATOMY_SANITIZE MATCHES "undefined")
    list(APPEND sanitize -fno-sanitize=vptr -fno-sanitize-recover=all)
  endif()
  target_compile_options(codeanatomy_flags INTERFACE ${sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code looks uninitialized to GCC where it is not, even inside <regex>.
    target_compile_options(codeanatomy_warnings INTERFACE -Wno-maybe-uninitialized)
  endif()
  target_link_options(codeanatomy_flags INTERFACE ${sanitize})
endif()

# Clones of the project share compiled objects: paths inside a clone count as relative ones.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
