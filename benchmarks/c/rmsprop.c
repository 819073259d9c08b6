/* The same step in C, as the roof that a compiler reaches: nanoseconds per parameter, one thread.
 * gcc -O3 -march=native -ffp-contract=off rmsprop.c -o rmsprop && ./rmsprop */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Without this, gcc calls the library for every root that might have to set errno, and does not vectorise. */
__attribute__((noinline))
static void step(float *restrict g, float *restrict v, long n, float rate, float decay, float epsilon) {
  float rest = 1 - decay;
  for (long i = 0; i < n; i++) {
    float m = v[i] * decay + (g[i] * g[i]) * rest;
    v[i] = m;
    g[i] = (rate * g[i]) / (sqrtf(m) + epsilon);
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  const long sizes[] = {100, 10000, 100000, 1000000, 10000000, 50000000};
  enum { ROUNDS = 15 };
  for (int s = 0; s < (int)(sizeof sizes / sizeof *sizes); s++) {
    long n = sizes[s];
    float *g = aligned_alloc(64, (n * sizeof *g + 63) / 64 * 64);
    float *v = aligned_alloc(64, (n * sizeof *v + 63) / 64 * 64);
    for (long i = 0; i < n; i++) {
      g[i] = (i % 2 ? 1 : -1) * (0.1f + i % 17);
      v[i] = 1e-8f;
    }
    long repeats = 200000000 / n + 1; /* about a tenth of a second a round */
    double rounds[ROUNDS];
    for (int r = -2; r < ROUNDS; r++) { /* two rounds to warm up */
      double start = now();
      for (long k = 0; k < repeats; k++) step(g, v, n, 1, 0.95f, 1e-8f);
      if (r >= 0) rounds[r] = (now() - start) / repeats / n;
    }
    qsort(rounds, ROUNDS, sizeof *rounds, compare);
    printf("%9ld parameters: median %.3f ns/parameter, %.3f to %.3f (g[0] = %g)\n", n, rounds[ROUNDS / 2],
           rounds[0], rounds[ROUNDS - 1], g[0]);
    free(g);
    free(v);
  }
}
