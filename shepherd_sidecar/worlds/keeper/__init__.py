"""The keeper: one small process for each store, which holds mounts and starts confined commands.

Layer: worlds. Keeps: a world outlives the sidecar that made it, and nothing depends on the keeper
staying. ``client`` is the sidecar's side::

    from shepherd_sidecar.worlds.keeper.client import Keeper, Spawn

    keeper = Keeper(store / "worlds")        # nothing is started before it is needed
    keeper.probe()                           # None, or why overlays do not work here
    keeper.mode                              # "root" | "userns"
    files = keeper.mount(home, lowers, upper, work)   # home lies right in the folder
    keeper.mounted(home)                     # the same path, or None
    child = keeper.spawn(Spawn(argv=["make"], env=env, at=home, mounted_at=workspace,
                               cwd="", policy=policy), stdin, stdout, stderr)
    child.pid, child.confinement
    child.fileno()                           # readable when nothing of it may live: poll() says
    child.wait(timeout=None), child.poll()   # exit code; negative: the signal
    child.kill(), child.close()
    keeper.processes(home), keeper.kill(home)
    with keeper.freeze(home) as how: ...     # "cgroup" | "signals"
    keeper.unmount(home)                     # False: something lives in there
    keeper.unmount(home, destroy=True)
    keeper.close()
    terminal.enter(keeper, Spawn(...))       # for a person, with the terminal; its exit code

``spawn`` raises OSError when exec fails, as ``subprocess.Popen`` does (``filename``: the program,
or the cwd), ExecFailed with ``why: unconfined``, and DriverUnavailable when the machine refuses the
namespaces.

Files: ``client``, ``connection``, ``child`` and ``terminal`` run in the sidecar; ``__main__``,
``serving``, ``spares``, ``spawning``, ``freezing`` and ``processes`` in the keeper, with few
imports; ``messages`` and ``mounting`` in both.
"""
