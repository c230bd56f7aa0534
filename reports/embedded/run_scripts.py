"""Runs reproducers: imports torch once, forks for each script, prints one line of JSON a script.

Arguments: a time limit in seconds, then scripts. Each runs without and with --same. A traceback ends a run with
status 70, since Python's own 1 is the status of a reproducer whose sides differ. Exits 3 if there is no torch.

A fork of torch costs more than most scripts. So a child runs the script without --same and, if the sides differ,
with --same. Only if one of the two ends unexpectedly does it run again in a process of its own."""
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import traceback

os.environ["OMP_NUM_THREADS"] = "1"
try:
    import torch
except Exception:
    sys.exit(3)
torch.set_num_threads(1)
gc.collect()
gc.freeze()  # a collection in a child would copy every page

def run(script, arguments):
    sys.argv = [script] + arguments
    status = 70
    try:
        exec(compile(open(script).read(), script, "exec"), {"__name__": "__main__"})
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 70
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    return status

BOTH = 71  # the status of a child in which both runs ended as expected

def start(script, what, timeout):
    output = tempfile.TemporaryFile()
    pid = os.fork()
    if pid:
        return pid, output
    os.setpgid(0, 0)
    signal.alarm(timeout)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    if what == "same":
        os._exit(run(script, ["--same"]))
    status = run(script, [])
    if status == 1 and what == "both" and run(script, ["--same"]) == 0:
        status = BOTH
    os._exit(status)

def end_of(output):
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - 600))
    return output.read().decode("utf-8", "replace")

def report(script, plain, same):
    print(json.dumps({"script": script, "plain": plain[0], "same": same[0],
                      "output": plain[1], "output_same": same[1]}), flush=True)

timeout, scripts = int(sys.argv[1]), sys.argv[2:]
todo = [(s, "both", None) for s in reversed(scripts)]  # and how the run without --same ended, if it did
running = {}
while todo or running:
    while todo and len(running) < (os.cpu_count() or 1):
        script, what, plain = todo.pop()
        pid, output = start(script, what, timeout)
        running[pid] = (script, what, plain, output)
    pid, status = os.wait()
    if pid not in running:
        continue
    script, what, plain, output = running.pop(pid)
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    end = (code, end_of(output))
    output.close()
    if what == "same":
        report(script, plain, end)
    elif code == BOTH:
        report(script, (1, ""), (0, ""))
    elif code == 1:
        todo.append((script, "same", end))
    elif code < 0 and what == "both":
        todo.append((script, "plain", None))  # which of the two runs was it?
    else:
        report(script, end, (code, ""))
