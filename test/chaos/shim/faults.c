/*
 * Faults below a process, by LD_PRELOAD: a full disk, an fsync that fails or is slow, a wall clock that jumps,
 * and a log of every write, from which a power cut is replayed (../power/).
 *
 *   QW_CONTROL  file of 64 bytes, shared while the process runs (see `struct control`)
 *   QW_FOLDER   only files below it are touched
 *   QW_LOG      file for the log of writes; absent: none is kept
 *
 * A record of the log, little-endian: u8 kind, u16 length of the path, u32 length of the data, u64 offset, the
 * path (and the new path after a zero byte for a rename), the data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
  volatile uint32_t full;      /* writes fail with ENOSPC */
  volatile uint32_t sync_fails; /* fsync fails with EIO */
  volatile uint32_t sync_us;   /* fsync takes longer by so much */
  volatile uint32_t reserved;
  volatile int64_t clock_ns;   /* added to the wall clock */
};

enum { WRITE = 1, SYNC = 2, TRUNCATE = 3, RENAME = 4, UNLINK = 5, SYNC_FOLDER = 6 };
enum { UNKNOWN = 0, OTHER = 1, TRACKED = 2 };
enum { MOST_FDS = 4096, PATH = 1024 };

static struct control none;
static struct control *control = &none;
static const char *folder;
static size_t folder_length;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char states[MOST_FDS];

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void) {
  const char *file = getenv("QW_CONTROL");
  folder = getenv("QW_FOLDER");
  if (folder) folder_length = strlen(folder);
  if (file) {
    int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC, 0);
    void *at = fd < 0 ? MAP_FAILED : mmap(0, 64, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) control = at;
    if (fd >= 0) syscall(SYS_close, fd);
  }
  const char *log = getenv("QW_LOG");
  if (log && *log) log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int below(const char *path) {
  return folder && strncmp(path, folder, folder_length) == 0 && path[folder_length] == '/';
}

static int path_of(int fd, char *path) {
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return 1;
}

static int tracked(int fd) {
  char path[PATH];
  if (fd < 0 || fd >= MOST_FDS || !folder) return 0;
  /* libuv closes by a system call of its own, so a number may have become a socket's meanwhile. */
  struct stat facts;
  if (states[fd] == TRACKED && (fstat(fd, &facts) != 0 || !(S_ISREG(facts.st_mode) || S_ISDIR(facts.st_mode))))
    states[fd] = UNKNOWN;
  if (states[fd] == UNKNOWN) states[fd] = path_of(fd, path) && below(path) ? TRACKED : OTHER;
  return states[fd] == TRACKED;
}

static void record(int kind, const char *path, size_t path_length, uint64_t offset, const void *data, uint32_t length) {
  unsigned char head[15];
  uint16_t named = path_length;
  head[0] = kind;
  memcpy(head + 1, &named, 2);
  memcpy(head + 3, &length, 4);
  memcpy(head + 7, &offset, 8);
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, path_length}, {(void *)data, length}};
  syscall(SYS_writev, log_fd, parts, length ? 3 : 2);
}

static void record_fd(int kind, int fd, uint64_t offset, const void *data, uint32_t length) {
  char path[PATH];
  if (path_of(fd, path)) record(kind, path, strlen(path), offset, data, length);
}

#define NO_ROOM(fd) do { if (control->full && tracked(fd)) { errno = ENOSPC; return -1; } } while (0)
/* The log and the file in the same order, whichever thread writes. */
#define LOGGED(fd) (log_fd >= 0 && tracked(fd))

ssize_t write(int fd, const void *data, size_t length) {
  REAL(write);
  NO_ROOM(fd);
  if (!LOGGED(fd)) return real(fd, data, length);
  pthread_mutex_lock(&lock);
  off_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
  ssize_t done = real(fd, data, length);
  if (done > 0) record_fd(WRITE, fd, at, data, done);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
  REAL(pwrite64);
  NO_ROOM(fd);
  if (!LOGGED(fd)) return real(fd, data, length, at);
  pthread_mutex_lock(&lock);
  ssize_t done = real(fd, data, length, at);
  if (done > 0) record_fd(WRITE, fd, at, data, done);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  NO_ROOM(fd);
  if (!LOGGED(fd)) return real(fd, parts, count);
  ssize_t sum = 0;
  for (int i = 0; i < count; i++) {
    ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
    if (done < 0) return sum ? sum : -1;
    sum += done;
  }
  return sum;
}

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  if (!LOGGED(fd)) return real(fd, length);
  pthread_mutex_lock(&lock);
  int done = real(fd, length);
  if (done == 0) record_fd(TRUNCATE, fd, length, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int synced(int fd, int (*real)(int)) {
  if (!tracked(fd)) return real(fd);
  if (control->sync_us) usleep(control->sync_us);
  if (control->sync_fails) { errno = EIO; return -1; }
  if (log_fd < 0) return real(fd);
  pthread_mutex_lock(&lock);
  struct stat facts;
  int is_folder = fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode);
  int done = real(fd);
  if (done == 0) record_fd(is_folder ? SYNC_FOLDER : SYNC, fd, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

int fsync(int fd) { REAL(fsync); return synced(fd, real); }
int fdatasync(int fd) { REAL(fdatasync); return synced(fd, real); }

static int opened(int fd, int flags) {
  if (fd >= 0 && fd < MOST_FDS) states[fd] = UNKNOWN;
  if (flags & O_TRUNC && LOGGED(fd)) {
    pthread_mutex_lock(&lock);
    record_fd(TRUNCATE, fd, 0, 0, 0);
    pthread_mutex_unlock(&lock);
  }
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode), flags);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open64(path, flags, mode);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (log_fd < 0 || !below(to)) return real(from, to);
  char both[2 * PATH];
  int length = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
  pthread_mutex_lock(&lock);
  int done = real(from, to);
  if (done == 0) record(RENAME, both, length, 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

int unlink(const char *path) {
  REAL(unlink);
  if (log_fd < 0 || !below(path)) return real(path);
  pthread_mutex_lock(&lock);
  int done = real(path);
  if (done == 0) record(UNLINK, path, strlen(path), 0, 0, 0);
  pthread_mutex_unlock(&lock);
  return done;
}

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < MOST_FDS) states[fd] = UNKNOWN;
  return real(fd);
}

static void shift(int64_t *seconds, int64_t *nanos) {
  int64_t sum = *nanos + control->clock_ns % 1000000000;
  *seconds += control->clock_ns / 1000000000;
  if (sum < 0) { sum += 1000000000; *seconds -= 1; }
  else if (sum >= 1000000000) { sum -= 1000000000; *seconds += 1; }
  *nanos = sum;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(clock_gettime);
  int done = real(clock, now);
  if (done == 0 && control->clock_ns && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t seconds = now->tv_sec, nanos = now->tv_nsec;
    shift(&seconds, &nanos);
    now->tv_sec = seconds;
    now->tv_nsec = nanos;
  }
  return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec at;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &at) != 0) return -1;
  now->tv_sec = at.tv_sec;
  now->tv_usec = at.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
