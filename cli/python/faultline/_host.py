"""What the command asks of the interpreter (oracles/subjects/host.h): PyTorch, modules, exceptions."""

import atexit
import contextlib
import faulthandler
import gc
import importlib
import os
import sys
import traceback

from faultline import _plugin


of_library = set()


class Refused(Exception):
    """Bad input, in one line: where, and what is wrong."""

    def __init__(self, where, what):
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


def line_of(error):
    """An exception in one line: its class, the first line of its message, and where it was raised."""
    name, message, _ = describe(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{name}{': ' if message else ''}{message}{place}"


def describe(error):
    """The class of an exception, the first line of its message, and whether PyTorch's own code raised it."""
    try:
        message = str(error)
    except Exception:  # of the author's __str__
        message = ""
    return type(error).__name__, message.partition("\n")[0], raised_by_library(error)


def raised_by_library(error):
    """Whether the innermost Python function is one of PyTorch's. `_ops.py` calls operators of all authors."""
    torch = sys.modules.get("torch")
    frame = error.__traceback__
    if torch is None or frame is None:
        return False
    while frame.tb_next is not None:
        frame = frame.tb_next
    file = frame.tb_frame.f_code.co_filename
    folder = os.path.dirname(torch.__file__) + os.sep
    return file.startswith(folder) and file != folder + "_ops.py"


def torch_plugin():
    """Imports PyTorch; the file of the torch subject for it."""
    os.environ.setdefault("FAULTLINE_PYTHON", sys.executable)  # runs the reproducers
    try:
        import torch
    except ImportError as error:
        raise Refused("--subject", f"PyTorch cannot be imported: {line_of(error)}") from None
    torch.set_num_threads(1)
    import_what_a_first_call_imports()
    importlib.import_module("faultline._layers").import_what_symbols_import()
    sys.meta_path.insert(0, TimeForImports)
    faulthandler.enable(file=2)  # a crash in a worker prints where Python was
    try:
        file = _plugin.file_for(torch)
    except _plugin.CannotCompile as error:
        raise Refused("--subject", str(error)) from None
    settle_heap()
    return file


def import_what_a_first_call_imports():
    """The first call of a custom operator imports torch._dynamo, for a second. Each worker would do that anew,
    and its first call would reach the time limit."""
    with definitions_noted(), contextlib.suppress(ImportError):  # PyTorch 1.13 has none
        importlib.import_module("torch._dynamo")


def is_library_frame(frame):
    """Whether the code that registers an operator, the caller of torch.library, is PyTorch's own."""
    folder = os.path.dirname(sys.modules["torch"].__file__) + os.sep
    registering = (folder + "library.py", folder + "_library" + os.sep, __file__)
    while frame is not None and frame.f_code.co_filename.startswith(registering):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(folder)


@contextlib.contextmanager
def definitions_noted():
    """Meanwhile, notes the operators that PyTorch's own modules define, which an author's module may import."""
    library = sys.modules["torch"].library.Library
    define = library.define

    def noting(self, schema, *arguments, **options):
        if is_library_frame(sys._getframe(1)):
            of_library.add(f"{self.ns}::{schema.partition('(')[0].strip()}")
        return define(self, schema, *arguments, **options)

    library.define = noting
    try:
        yield
    finally:
        library.define = define


def is_of_library(op):
    """Whether PyTorch's own code defined an operator while a module was imported."""
    return op in of_library


def import_module(name):
    """Imports a module that registers operators."""
    if name.endswith(".py") or "/" in name:
        stem = os.path.splitext(os.path.basename(name))[0]
        raise Refused(name, f"expected the name of a module, as `import` takes it, such as {stem}")
    before = threads()
    try:
        with definitions_noted():
            importlib.import_module(name)
    except (Exception, SystemExit) as error:
        version = sys.modules["torch"].__version__
        raise Refused(name, f"cannot be imported with PyTorch {version}: {line_of(error)}") from None
    say_what_triton_needs()
    settle_heap()
    if threads() > max(before, 1):
        print(f"faultline: {name} started {threads() - before} threads; workers are forked without them",
              file=sys.stderr)
    return ""


def say_what_triton_needs():
    """Kernels in Triton refuse tensors on the CPU, unless its interpreter runs them."""
    with_kernels = getattr(sys.modules.get("torch._library.triton"), "triton_ops_to_kernels", {})
    if with_kernels and "TRITON_INTERPRET" not in os.environ:
        print("faultline: kernels in Triton take tensors on the CPU only with TRITON_INTERPRET=1 in the "
              "environment", file=sys.stderr, flush=True)


class TimeForImports:
    """First in sys.meta_path. An operator may import modules at its first call, which must not look like a
    hang: each import restarts the time limit."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Finds nothing. Python asks for each module that is not imported yet."""
        del name, path, target
        sys.modules["faultline._core"].restart_timeout()  # imported by then, but not by pytest alone


def settle_heap():
    """For workers, which are forks: a collection in one would copy every page."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # at exit, extension modules would report what is never collected


def threads():
    """The number of threads of this process."""
    return len(os.listdir("/proc/self/task"))
