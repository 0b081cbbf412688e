"""Clocks that jump: a part is started with a shim before its C library, which reads from a file how far ahead it is."""

import os
import shlex
import shutil
import struct
import subprocess
import sys
from pathlib import Path

_SOURCE = Path(__file__).with_name("jumping_clock.c")


def build(folder: Path) -> Path | str:
    """Compile the shim into `folder` and return its file, or a sentence why there is none."""
    compiler = shutil.which("cc")
    if sys.platform != "linux" or compiler is None:
        return "clock jumps: they need Linux and a C compiler (cc)"
    shim = folder / "jumping_clock.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(_SOURCE), "-ldl"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return f"clock jumps: {done.stderr.strip()[-200:]}" if done.returncode else shim


class Clock:
    """One part's wall clock; its monotonic clock and the times of files stay true."""

    def __init__(self, folder: Path, part: str, shim: Path) -> None:
        self._told = folder / f"{part}.ahead"
        self._told.write_bytes(struct.pack("q", 0))
        self.python = folder / f"{part}.python"
        """The interpreter that lives by this clock."""
        settings = f"LD_PRELOAD={shlex.quote(str(shim))} CLOCK_AHEAD={shlex.quote(str(self._told))}"
        self.python.write_text(f'#!/bin/sh\n{settings} exec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
        self.python.chmod(0o700)

    def jump(self, seconds: float) -> None:
        """Let the part's clock be this far ahead of the real one, or behind, at once."""
        file = os.open(self._told, os.O_WRONLY)
        os.pwrite(file, struct.pack("q", round(seconds * 1e9)), 0)
        os.close(file)
