#!/usr/bin/env python3
"""Times RMSprop of PyTorch, Optax and Keras, as far as they are installed.

One step is gradient in, parameters changed, FLOAT, on one thread. Rows have the format of the other
benchmarks, see benchmarks/README.md. Before it is timed, each contender trains a few parameters and must
agree with the formula in plain Python. See benchmarks/peers/README.md.
"""

import argparse
import array
import datetime
import decimal
import importlib.metadata
import importlib.util
import math
import os
import pathlib
import platform
import random
import shlex
import statistics
import subprocess
import sys
import time

RATE, DECAY, EPSILON = 1.0, 0.95, 1e-8
CHECK_STEPS, CHECK_EPSILON, TOLERANCE = 5, 1e-2, 1e-5
BYTES = 20  # of a parameter: reads the gradient, reads and writes mean square and parameter
COLUMNS = (
    "suite contender parameters blocks type form mode threads vector jdk natives score error unit ns/parameter "
    "B/parameter GB/s share B/step ratio"
).split() + ["ratio error"]


class Missing(Exception):
    """A contender that cannot run here, with the reason."""


def need(module):
    if importlib.util.find_spec(module) is None:
        raise Missing(f"{module} is not installed")


# A contender is called with the gradient, an array of floats, and epsilon. Its parameters begin at 0. It returns
# one function that makes a step and one that returns the first 100 parameters.


def pytorch(gradient, epsilon, foreach=False, compiled=False):
    need("torch")
    import torch

    if compiled and tuple(int(n) for n in torch.__version__.split(".")[:2]) < (2, 2):
        raise Missing(f"torch.compile of an optimizer needs PyTorch 2.2 or later, here is {torch.__version__}")
    torch.set_num_threads(1)
    parameters = torch.zeros(len(gradient), requires_grad=True)
    parameters.grad = torch.frombuffer(gradient, dtype=torch.float32).clone()
    optimizer = torch.optim.RMSprop([parameters], lr=RATE, alpha=DECAY, eps=epsilon, foreach=foreach)
    # Without dynamic=False the second size would be compiled for any size.
    step = torch.compile(optimizer.step, dynamic=False) if compiled else optimizer.step
    return step, lambda: parameters.detach()[:100].tolist()


def optax_jit(gradient, epsilon):
    need("jax")
    need("optax")
    import jax
    import jax.numpy as jnp
    import numpy
    import optax

    optimizer = optax.rmsprop(learning_rate=RATE, decay=DECAY, eps=epsilon)
    g = jnp.array(numpy.frombuffer(gradient, dtype=numpy.float32))
    parameters = jnp.zeros_like(g)
    kept = [parameters, optimizer.init(parameters)]

    def change(parameters, state, g):
        updates, state = optimizer.update(g, state, parameters)
        return optax.apply_updates(parameters, updates), state

    change = jax.jit(change, donate_argnums=(0, 1))

    def step():
        kept[:] = jax.block_until_ready(change(*kept, g))

    return step, lambda: kept[0][:100].tolist()


def keras(gradient, epsilon):
    need("keras")
    import keras
    import numpy

    if int(keras.__version__.split(".")[0]) < 3:
        raise Missing(f"Keras 3 is needed, here is {keras.__version__}")
    values = numpy.frombuffer(gradient, dtype=numpy.float32)
    variable = keras.Variable(numpy.zeros_like(values))
    optimizer = keras.optimizers.RMSprop(learning_rate=RATE, rho=DECAY, epsilon=epsilon)
    optimizer.build([variable])
    g = keras.ops.array(values)
    backend = keras.backend.backend()
    if backend == "jax":
        return keras_on_jax(optimizer, variable, g)
    if backend == "tensorflow":
        import tensorflow

        step = tensorflow.function(lambda: optimizer.apply([g], [variable]))
    elif backend == "torch":
        import torch

        torch.set_num_threads(1)
        step = torch.no_grad()(lambda: optimizer.apply([g], [variable]))
    else:
        raise Missing(f"the Keras backend must be jax, tensorflow or torch, got {backend}")
    return step, lambda: keras.ops.convert_to_numpy(variable)[:100].tolist()


def keras_on_jax(optimizer, variable, g):
    import jax

    def change(parameters, state, g):
        return optimizer.stateless_apply(state, [g], parameters)

    change = jax.jit(change, donate_argnums=(0, 1))
    kept = [[variable.value], [v.value for v in optimizer.variables]]

    def step():
        kept[:] = jax.block_until_ready(change(*kept, g))

    return step, lambda: kept[0][0][:100].tolist()


CONTENDERS = {
    "PYTORCH_EAGER": (pytorch, False),
    "PYTORCH_FOREACH": (lambda gradient, epsilon: pytorch(gradient, epsilon, foreach=True), False),
    "PYTORCH_COMPILE": (lambda gradient, epsilon: pytorch(gradient, epsilon, compiled=True), False),
    "OPTAX_JIT": (optax_jit, True),
    "KERAS": (keras, True),
}
"""By name: what makes it, and whether its epsilon stands inside the root."""


def gradients(count):
    """Normal values, a few thousand over and over: what they are takes no time."""
    generator = random.Random(1)
    block = array.array("f", (generator.gauss(0, 1) for _ in range(min(count, 5000))))
    return (block * math.ceil(count / len(block)))[:count]


def formula(gradient, epsilon, inside, steps):
    """A parameter after some steps with the same gradient, from 0; the mean square begins at 0 too."""
    parameter = mean_square = 0.0
    for _ in range(steps):
        mean_square = DECAY * mean_square + (1 - DECAY) * gradient * gradient
        root = math.sqrt(mean_square + epsilon) if inside else math.sqrt(mean_square) + epsilon
        parameter -= RATE * gradient / root
    return parameter


def check(make, inside):
    """Raises an ArithmeticError unless a contender computes the formula."""
    gradient = gradients(100)
    step, parameters = make(gradient, CHECK_EPSILON)
    for _ in range(CHECK_STEPS):
        step()
    for g, actual in zip(gradient, parameters()):
        expected = formula(g, CHECK_EPSILON, inside, CHECK_STEPS)
        if not abs(expected - actual) <= TOLERANCE * abs(expected):
            raise ArithmeticError(f"a gradient of {g} must lead to {expected}, got {actual}")


def measure(step, rounds, seconds):
    """Nanoseconds of a step: one mean for each round, after as many rounds of warm-up."""

    def run(repeats):
        start = time.perf_counter()
        for _ in range(repeats):
            step()
        return time.perf_counter() - start

    run(2)  # compiles
    repeats = 1
    while (taken := run(repeats)) < seconds / 4:
        repeats *= 2
    repeats = max(1, round(repeats * seconds / taken))
    times = [run(repeats) / repeats * 1e9 for _ in range(2 * rounds)]
    return times[rounds:]


def number(value):
    """Five digits, no exponent."""
    return format(decimal.Decimal(f"{value:.4e}"), "f")


def row(contender, parameters, times):
    """The cells of a line: the median, and half of the range."""
    median = statistics.median(times)
    cells = dict.fromkeys(COLUMNS, "-")
    cells |= {
        "suite": "step",
        "contender": contender,
        "parameters": str(parameters),
        "blocks": "1",
        "type": "FLOAT",
        "form": "PLAIN",
        "mode": "step+change",
        "threads": "1",
        "score": number(median),
        "error": number((max(times) - min(times)) / 2),
        "unit": "ns/step",
        "ns/parameter": number(median / parameters),
        "B/parameter": str(BYTES),
        "GB/s": number(BYTES * parameters / median),
    }
    return [cells[column] for column in COLUMNS]


def first(path, prefix=""):
    """The first line that begins so, without its beginning, or 'unknown'."""
    try:
        with open(path, encoding="utf-8") as lines:
            return next(line for line in lines if line.startswith(prefix)).split(":")[-1].strip()
    except (OSError, StopIteration):
        return "unknown"


def commit():
    try:
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def version(module):
    """Of what is imported; Debian's packages have no metadata."""
    loaded = sys.modules.get(module)
    return getattr(loaded, "__version__", None) or importlib.metadata.version(module)


def header(rounds):
    cache = "/sys/devices/system/cpu/cpu0/cache/index"
    entries = {
        "command": shlex.join([pathlib.Path(sys.executable).name, *sys.argv]),
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "CPU": first("/proc/cpuinfo", "model name"),
        "cores": f"{os.cpu_count()}; caches per core: L1d {first(cache + '0/size')}, L2 {first(cache + '2/size')}, "
        f"L3 {first(cache + '3/size')}",
        "OS": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    for module in ("torch", "jax", "optax", "keras"):
        if module in sys.modules:
            entries[module] = version(module)
    if "keras" in sys.modules:
        entries["keras-backend"] = sys.modules["keras"].backend.backend()
    return entries | {
        "commit": commit(),
        "error": f"half of the range of {rounds} rounds, whose median is the score",
    }


def write(path, head, rows):
    """Writes a result file, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    lines = [f"# {key} {value}" for key, value in head.items()]
    lines += ["\t".join(cells) for cells in [COLUMNS, *rows]]
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(path)


def one_thread():
    """Keeps the process, and whatever threads the libraries start, on one core. Before they are imported."""
    for variable in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ[variable] = "1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    else:
        print("NOT PINNED: this system cannot keep a process on one core; XLA may use more", file=sys.stderr)


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text}")
    return int(text)


def positives(text):
    return [positive(part) for part in text.split(",")]


def seconds(text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text}")
    return value


def names(text):
    chosen = text.split(",")
    for name in chosen:
        if name not in CONTENDERS:
            raise argparse.ArgumentTypeError(f"must be among {', '.join(CONTENDERS)}, got {name}")
    return chosen


def options(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument(
        "--parameters",
        type=positives,
        default="10000,1000000,10000000,50000000",
        metavar="N,N",
        help="how many; default %(default)s",
    )
    parser.add_argument(
        "--contenders",
        type=names,
        default=",".join(CONTENDERS),
        metavar="NAME,NAME",
        help="default %(default)s",
    )
    parser.add_argument("--rounds", type=positive, default=7, help="timed rounds, and of warm-up; default %(default)s")
    parser.add_argument("--seconds", type=seconds, default=0.5, help="of a round; default %(default)s")
    parser.add_argument(
        "--results", type=pathlib.Path, default="target/peers-python.tsv", help="file to write; default %(default)s"
    )
    return parser.parse_args(arguments)


def main(arguments=None):
    """Returns the exit code: 0, or 1 if a contender failed or none could run."""
    chosen = options(arguments)
    one_thread()
    rows, failed = [], False
    for name in chosen.contenders:
        make, inside = CONTENDERS[name]
        try:
            check(make, inside)
            for count in chosen.parameters:
                print(f"{name}, {count} parameters", end=": ", file=sys.stderr, flush=True)
                step, _ = make(gradients(count), EPSILON)
                rows.append(row(name, count, measure(step, chosen.rounds, chosen.seconds)))
                print(f"{rows[-1][COLUMNS.index('ns/parameter')]} ns/parameter", file=sys.stderr)
        except Missing as reason:
            print(f"SKIPPED {name}: {reason}", file=sys.stderr)
        except Exception as problem:  # the others may run
            failed = True
            print(f"FAILED {name}: {type(problem).__name__}: {problem}", file=sys.stderr)
    if not rows:
        print("nothing was timed, nothing is written", file=sys.stderr)
        return 1
    write(chosen.results, header(chosen.rounds), rows)
    print(f"{len(rows)} rows: {chosen.results}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
