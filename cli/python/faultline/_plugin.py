"""The torch subject for the PyTorch that is imported: a library that fits exactly one build of PyTorch.

A package contains the one for the PyTorch that it was built with, and the sources. Another PyTorch gets its own,
which is compiled once and kept in $XDG_CACHE_HOME/faultline (~/.cache/faultline)."""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = "libfaultline_torch.so"


class CannotCompile(Exception):
    """The torch subject is missing: the reason, in one line."""


def identity_of(folder):
    """Names the build of PyTorch that is installed in the folder: "torch-2.15.0-0123456789ab"."""
    with open(os.path.join(folder, "version.py"), "rb") as file:
        text = file.read()
    library = os.path.join(folder, "lib", "libtorch_cpu.so")
    size = os.path.getsize(library) if os.path.exists(library) else 0
    version = re.search(rb"^__version__.*?'([\w.]+)", text, re.M).group(1).decode()
    return f"torch-{version}-{hashlib.sha256(text + b'%d' % size).hexdigest()[:12]}"


def file_for(torch):
    """The torch subject for this module `torch`; compiles it if there is none."""
    folder = os.path.dirname(torch.__file__)
    identity = identity_of(folder)
    places = [os.environ.get("FAULTLINE_PLUGIN_DIR", ""), os.path.join(HERE, "lib", identity)]
    for place in places:
        if place and os.path.exists(os.path.join(place, FILE)):
            return os.path.join(place, FILE)
    return compiled(folder, identity)


def cache_folder():
    """Where compiled subjects are kept."""
    chosen = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(chosen, "faultline")


def compiled(torch_folder, identity):
    """Compiles the torch subject, unless another process has done so."""
    with open(os.path.join(HERE, "lib", "libfaultline.so"), "rb") as library:
        own = hashlib.sha256(library.read()).hexdigest()[:12]
    place = os.path.join(cache_folder(), f"{identity}-{own}")
    file = os.path.join(place, FILE)
    if os.path.exists(file):
        return file
    try:
        os.makedirs(cache_folder(), exist_ok=True)
        with alone(place + ".lock", identity):
            if not os.path.exists(file):
                compile_into(place, torch_folder, identity)
    except OSError as error:
        why = f"the torch subject cannot be compiled in {cache_folder()}: {error.strerror}"
        raise CannotCompile(why) from None
    return file


@contextlib.contextmanager
def alone(name, identity):
    """Meanwhile, no other process holds the lock of this name: two would compile the same."""
    with open(name, "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"faultline: another process compiles the torch subject for {identity}: waiting for it",
                  file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
        with contextlib.suppress(FileNotFoundError):  # another process that waited was first
            os.unlink(name)


def compile_into(place, torch_folder, identity):
    """Runs CMake in a folder of its own. The place gets its name when it is complete."""
    cmake = shutil.which("cmake")
    if cmake is None:
        raise CannotCompile(f"the torch subject for {identity} must be compiled, and cmake is not on PATH")
    build, log_name = place + ".building", place + ".log"
    shutil.rmtree(build, ignore_errors=True)  # of a process that was ended
    os.mkdir(build)
    try:
        configure = [cmake, "-S", os.path.join(HERE, "source"), "-B", build, f"-DFAULTLINE_PREFIX={HERE}",
                     f"-DFAULTLINE_TORCH_PREFIX={cmake_prefix(torch_folder)}"]
        if shutil.which("ninja"):
            configure += ["-G", "Ninja"]
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(len(os.sched_getaffinity(0)))
        steps = [configure, [cmake, "--build", build, "--parallel", jobs]]
        with open(log_name, "w", encoding="utf-8") as log:
            for step in steps:
                if follow(step, log, f"compiling the torch subject for {identity}, once") != 0:
                    log.flush()
                    raise CannotCompile(f"the torch subject for {identity} cannot be compiled: "
                                        f"{reason_in(log_name)} (log: {log_name})")
        done = os.path.join(build, "done")
        os.mkdir(done)
        os.rename(os.path.join(build, "lib", FILE), os.path.join(done, FILE))
        shutil.rmtree(place, ignore_errors=True)
        os.rename(done, place)
    finally:
        shutil.rmtree(build, ignore_errors=True)
    os.unlink(log_name)


def reason_in(log_name):
    """Why a build failed, in one line: what CMake or the compiler called an error first."""
    with open(log_name, encoding="utf-8", errors="replace") as file:
        log = file.read()
    if found := re.search(r"^CMake Error[^\n]*:\n\n?((?:(?:  [^\n]+)?\n)+?)(?=\n\n|\Z|\S)", log, re.M):
        return textwrap.shorten(found.group(1), 300)
    if found := re.search(r"^.*\berror: .*", log, re.M | re.I):
        return found.group().strip()
    return (log.split("\n\n")[-1].strip().splitlines() or ["it printed nothing"])[-1]


def follow(step, log, what):
    """Runs a command, writes its output to the log, and shows its progress on one line of standard error."""
    process = subprocess.Popen(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                               text=True, errors="replace")
    is_terminal = sys.stderr.isatty()
    if not is_terminal and "--build" in step:
        print(f"faultline: {what}: this takes minutes", file=sys.stderr)
    for line in process.stdout:
        log.write(line)
        done = re.match(r"\[ *(\d+%|\d+/\d+)\]", line)
        if done and is_terminal:
            print(f"\rfaultline: {what}: {done.group(1)}\x1b[K", end="", file=sys.stderr, flush=True)
    if is_terminal and "--build" in step:
        print(file=sys.stderr)
    return process.wait()


def cmake_prefix(folder):
    """The folder with the lib/ of the PyTorch in `folder`: the same folder, or a prefix of the system."""
    library = os.path.realpath(os.path.join(folder, "lib", "libtorch_cpu.so"))
    prefix = os.path.dirname(library)
    while os.path.basename(prefix) != "lib" and prefix != "/":
        prefix = os.path.dirname(prefix)
    return os.path.dirname(prefix)


def main():
    """For CMake: prints the identity and prefix of the PyTorch of this interpreter's environment, if any."""
    found = importlib.util.find_spec("torch")
    if found is not None and found.origin:
        folder = os.path.dirname(found.origin)
        print(f"{identity_of(folder)};{cmake_prefix(folder)}", end="")


if __name__ == "__main__":
    main()
