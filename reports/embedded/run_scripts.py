"""Runs reproducers: imports torch once, forks for each script, prints one line of JSON a script.

Arguments: seconds, scripts, each run without and with --same. A traceback ends a child with 70, as Python's
own status for it is 1, by which a reproducer says that its sides differ. Exits 3 where there is no torch."""
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

def start(script, arguments, timeout):
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
    os._exit(status)

def told(output):
    output.seek(0, os.SEEK_END)
    output.seek(max(0, output.tell() - 600))
    return output.read().decode("utf-8", "replace")

timeout, scripts = int(sys.argv[1]), sys.argv[2:]
todo = [(s, a) for s in scripts for a in ([], ["--same"])]
todo.reverse()
running, ended = {}, {}
while todo or running:
    while todo and len(running) < (os.cpu_count() or 1):
        script, arguments = todo.pop()
        pid, output = start(script, arguments, timeout)
        running[pid] = (script, bool(arguments), output)
    pid, status = os.wait()
    if pid not in running:
        continue
    script, same, output = running.pop(pid)
    try:
        os.killpg(pid, signal.SIGKILL)
    except OSError:
        pass
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    ended.setdefault(script, {})["same" if same else "plain"] = (code, told(output))
    output.close()
    if len(ended[script]) == 2:
        both = ended.pop(script)
        print(json.dumps({"script": script, "plain": both["plain"][0], "same": both["same"][0],
                          "told": both["plain"][1], "told_same": both["same"][1]}), flush=True)
