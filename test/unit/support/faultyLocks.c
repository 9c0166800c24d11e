/*
 * Stands for a file system whose locks do not work, for the process it is preloaded into (LD_PRELOAD). What a lock
 * comes to is in the file that LOCK_FAULT names: a number of errno to fail with, "grant" to grant everything to
 * everybody, as a second mount does, "block" never to come back, or "none" to lock as usual.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*fcntl_function)(int, int, void *);

static void read_fault(char *fault, size_t size) {
  const char *path = getenv("LOCK_FAULT");
  int file = path == NULL ? -1 : open(path, O_RDONLY);
  ssize_t length = file == -1 ? 0 : read(file, fault, size - 1);
  if (file != -1) close(file);
  fault[length > 0 ? length : 0] = '\0';
}

static int faulty(const char *name, int descriptor, int command, void *argument) {
  fcntl_function real = (fcntl_function)dlsym(RTLD_NEXT, name);
  int is_lock = command == F_SETLK || command == F_SETLKW;
  if (!is_lock || ((struct flock *)argument)->l_type == F_UNLCK) return real(descriptor, command, argument);
  char fault[32];
  read_fault(fault, sizeof fault);
  if (strcmp(fault, "none") == 0) return real(descriptor, command, argument);
  if (strcmp(fault, "grant") == 0) return 0;
  if (strcmp(fault, "block") == 0) {
    for (;;) pause();
  }
  errno = atoi(fault);
  return -1;
}

#define FAULTY(name)                                       \
  int name(int descriptor, int command, ...) {             \
    va_list arguments;                                     \
    va_start(arguments, command);                          \
    void *argument = va_arg(arguments, void *);            \
    va_end(arguments);                                     \
    return faulty(#name, descriptor, command, argument);   \
  }

FAULTY(fcntl)
FAULTY(fcntl64)
