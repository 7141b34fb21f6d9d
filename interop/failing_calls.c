/* Preloaded into a process (LD_PRELOAD), it makes the calls that change files below one folder
 * fail.
 *
 *   FAILING_FOLDER  the folder
 *   FAILING_FROM    how many such calls go well before the first one fails; all later ones do, too
 *   FAILING_ERRNO   the error number
 *   FAILING_NOTE    a file that is made when a call has failed
 *
 * Files are still removed when the disk is full. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* NOLINTNEXTLINE(bugprone-macro-parentheses): the name of a function */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_long calls;

static long number_of(const char* variable) { return strtol(getenv(variable), NULL, 10); }

static int is_below(const char* path) {
  const char* folder = getenv("FAILING_FOLDER");
  return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

/* Whether a call that changes `path` fails now. */
static int fails(const char* path) {
  if (!is_below(path)) return 0;
  if (atomic_fetch_add(&calls, 1) < number_of("FAILING_FROM")) return 0;
  const int note = REAL(open)(getenv("FAILING_NOTE"), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (note >= 0) REAL(close)(note);
  errno = (int)number_of("FAILING_ERRNO");
  return 1;
}

static int fails_at(int descriptor) {
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(path);
}

static int removal_fails(const char* path) {
  return getenv("FAILING_ERRNO") && number_of("FAILING_ERRNO") != ENOSPC && fails(path);
}

/* NOLINTBEGIN(bugprone-macro-parentheses): names and types cannot stand in parentheses */
#define OPEN(name)                                                    \
  int name(const char* path, int flags, ...) {                        \
    va_list more;                                                     \
    va_start(more, flags);                                            \
    const mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                     \
    if ((flags & O_CREAT) && fails(path)) return -1;                  \
    return REAL(name)(path, flags, mode);                             \
  }
OPEN(open)
OPEN(open64)

#define ON_DESCRIPTOR(type, name, parameters, arguments) \
  type name parameters {                                 \
    if (fails_at(descriptor)) return -1;                 \
    return REAL(name) arguments;                         \
  }
ON_DESCRIPTOR(ssize_t, write, (int descriptor, const void* bytes, size_t count),
              (descriptor, bytes, count))
ON_DESCRIPTOR(ssize_t, pwrite, (int descriptor, const void* bytes, size_t count, off_t at),
              (descriptor, bytes, count, at))
ON_DESCRIPTOR(ssize_t, pwrite64, (int descriptor, const void* bytes, size_t count, off64_t at),
              (descriptor, bytes, count, at))
ON_DESCRIPTOR(int, fsync, (int descriptor), (descriptor))
ON_DESCRIPTOR(int, fdatasync, (int descriptor), (descriptor))
ON_DESCRIPTOR(int, ftruncate, (int descriptor, off_t size), (descriptor, size))

/* NOLINTEND(bugprone-macro-parentheses) */
int mkdir(const char* path, mode_t mode) { return fails(path) ? -1 : REAL(mkdir)(path, mode); }
int link(const char* from, const char* to) { return fails(to) ? -1 : REAL(link)(from, to); }
int rename(const char* from, const char* to) { return fails(to) ? -1 : REAL(rename)(from, to); }
int unlink(const char* path) { return removal_fails(path) ? -1 : REAL(unlink)(path); }
int rmdir(const char* path) { return removal_fails(path) ? -1 : REAL(rmdir)(path); }
int remove(const char* path) { return removal_fails(path) ? -1 : REAL(remove)(path); }
