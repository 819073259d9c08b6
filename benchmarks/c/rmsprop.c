/* The same steps in C, as what a compiler reaches, on one thread: rows as benchmarks/README.md has them. ./run builds
 * and runs it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RING_ELEMENTS = 1 << 16, MAX_RING = 200, ROUNDS = 9, SHIFTS = 16, LINE = 16, SOURCE = RING_ELEMENTS + SHIFTS * LINE };
static const long SIZES[] = {100, 1000, 10000, 100000, 1000000, 10000000, 50000000, 100000000};
static const char *const FORMS[] = {"PLAIN", "MOMENTUM", "CENTERED", "CENTERED_MOMENTUM"};

static volatile int batch = 32;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A Gaussian is not needed, only values of both signs that are not near zero. */
static double random_value(void) {
  static unsigned long long x = 88172645463325252ull;
  x ^= x << 13, x ^= x >> 7, x ^= x << 17;
  return ((x & 1) ? 1 : -1) * (0.01 + (x >> 40) * 0x1p-24);
}

static void *allocate(long bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!memory) {
    fprintf(stderr, "no memory for %ld bytes\n", bytes);
    exit(1);
  }
  return memory;
}

/* Tells a row from the times of a step in nanoseconds; the error is half the distance of the quartiles. */
static void print_row(const char *contender, const char *type, const char *form, const char *mode, long n, int bytes,
                      double *rounds, double *stream) {
  qsort(rounds, ROUNDS, sizeof *rounds, compare);
  double time = rounds[ROUNDS / 2], error = (rounds[ROUNDS * 3 / 4] - rounds[ROUNDS / 4]) / 2;
  double rate = bytes * n / time;
  if (!*stream) *stream = rate; /* the roof comes first */
  printf("step\t%s\t%ld\t1\t%s\t%s\t%s\t1\t-\t-\t-\t%.2f\t%.2f\tns/step\t%.5f\t%d\t%.4f\t%.4f\t-\t-\t-\n", contender, n,
         type, form, mode, time, error, time / n, bytes, rate, rate / *stream);
  fflush(stdout);
}

#define real float
#define ROOT sqrtf
#define NAME(x) x##_floats
#define TYPE "FLOAT"
#include "steps.h"
#undef real
#undef ROOT
#undef NAME
#undef TYPE
#define real double
#define ROOT sqrt
#define NAME(x) x##_doubles
#define TYPE "DOUBLE"
#include "steps.h"

/* Arguments: other sizes. */
int main(int count, char **arguments) {
  int sizes = count > 1 ? count - 1 : (int)(sizeof SIZES / sizeof *SIZES);
  for (int s = 0; s < sizes; s++) {
    long n = count > 1 ? atol(arguments[s + 1]) : SIZES[s];
    time_floats(n);
    time_doubles(n);
  }
}
