/* Steps over arrays of one type, included once for each. */

typedef void NAME(pass)(real *restrict g, real *restrict v, real *restrict m, real *restrict b, real *restrict p,
                        long n);

/* Written out for each form, as the compiler vectorises none with branches inside. */
#define STEP(name, ...)                                                                                          \
  __attribute__((noinline)) static void NAME(name)(real *restrict g, real *restrict v, real *restrict m,         \
                                                   real *restrict b, real *restrict p, long n) {                 \
    const real rate = 1e-3, decay = 0.95, rest = 1 - decay, epsilon = 1e-8, momentum = 0.9;                      \
    const real scale = 1 / (real)batch; /* of a power of two the bits of a division, as this project has it */    \
    (void)rate, (void)rest, (void)epsilon, (void)momentum, (void)scale, (void)m, (void)b, (void)p;             \
    for (long i = 0; i < n; i++) {                                                                               \
      __VA_ARGS__                                                                                                \
    }                                                                                                            \
  }
#define MEAN_SQUARE real s = v[i] = v[i] * decay + (g[i] * g[i]) * rest;
#define MEAN                           \
  real a = m[i] = m[i] * decay + g[i] * rest; \
  s -= a * a;                          \
  s = s > 0 ? s : 0;
#define UPDATE real u = (rate * g[i]) / (ROOT(s) + epsilon);
#define ONE_PASS                                                 \
  real h = g[i] * scale;                                         \
  real s = v[i] = v[i] * decay + (h * h) * rest;                 \
  p[i] -= (rate * h) / (ROOT(s) + epsilon);
#define MOMENTUM u = b[i] = b[i] * momentum + u;

STEP(stream, real s = v[i] * (real)0.5 + g[i]; v[i] = s; g[i] = s; (void)decay;)
STEP(plain, MEAN_SQUARE UPDATE g[i] = u;)
STEP(with_momentum, MEAN_SQUARE UPDATE MOMENTUM g[i] = u;)
STEP(centered, MEAN_SQUARE MEAN UPDATE g[i] = u;)
STEP(centered_momentum, MEAN_SQUARE MEAN UPDATE MOMENTUM g[i] = u;)
STEP(change, MEAN_SQUARE UPDATE p[i] -= u;) /* the update never leaves the registers */
STEP(one_pass, ONE_PASS)                    /* the same, with division by the batch first: 20 bytes */
#undef STEP
#undef MEAN_SQUARE
#undef MEAN
#undef UPDATE
#undef MOMENTUM
#undef ONE_PASS

/* As StepBenchmark: a ring of gradients for small sizes, restored from random values outside the timed part. */
static void NAME(time_pass)(const char *contender, const char *form, const char *mode, NAME(pass) * pass, real **arrays,
                            const real *source, long n, int bytes, double *stream) {
  long ring = RING_ELEMENTS / n;
  ring = ring < 1 ? 1 : ring > MAX_RING ? MAX_RING : ring;
  double rounds[ROUNDS];
  for (int a = 1; a < 5; a++)
    for (long i = 0; i < n; i++) arrays[a][i] = a == 1 ? 1e-8 : a == 4 ? 1 : 0;
  for (int r = -1; r < ROUNDS; r++) { /* one round to warm up */
    long invocations = 50000000 / (ring * n) + 1;
    double sum = 0;
    for (long k = 0; k < invocations; k++) {
      for (long i = 0; i < ring * n; i += RING_ELEMENTS) {
        long length = ring * n - i < RING_ELEMENTS ? ring * n - i : RING_ELEMENTS;
        memcpy(arrays[0] + i, source + k % SHIFTS * LINE, length * sizeof(real));
      }
      double start = now();
      for (long j = 0; j < ring; j++) pass(arrays[0] + j * n, arrays[1], arrays[2], arrays[3], arrays[4], n);
      sum += now() - start;
    }
    if (r >= 0) rounds[r] = sum / invocations / ring;
  }
  print_row(contender, TYPE, form, mode, n, bytes * sizeof(real), rounds, stream);
}

static void NAME(time)(long n) {
  real *arrays[5], *source = allocate(SOURCE * sizeof(real));
  for (int i = 0; i < SOURCE; i++) source[i] = random_value();
  for (int a = 0; a < 5; a++) arrays[a] = allocate((n < RING_ELEMENTS ? RING_ELEMENTS : n) * sizeof(real));
  double stream = 0;
  NAME(time_pass)("C_STREAM", "PLAIN", "step", NAME(stream), arrays, source, n, 4, &stream);
  NAME(time_pass)("C", "PLAIN", "step", NAME(plain), arrays, source, n, 4, &stream);
  NAME(time_pass)("C", "PLAIN", "step+change", NAME(change), arrays, source, n, 5, &stream);
  NAME(time_pass)("C", "PLAIN", "one pass", NAME(one_pass), arrays, source, n, 5, &stream);
  NAME(time_pass)("C", FORMS[1], "step", NAME(with_momentum), arrays, source, n, 6, &stream);
  NAME(time_pass)("C", FORMS[2], "step", NAME(centered), arrays, source, n, 6, &stream);
  NAME(time_pass)("C", FORMS[3], "step", NAME(centered_momentum), arrays, source, n, 8, &stream);
  for (int a = 0; a < 5; a++) free(arrays[a]);
  free(source);
}
