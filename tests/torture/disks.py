"""Small disks that can be full: a tmpfs each, in a mount namespace of our own, so that none outlives us."""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

_CLONE_NEWNS = 0x00020000


def own_mounts() -> str | None:
    """Give this process mounts of its own; return why that cannot be, None when it is done."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "disk full: small disks can be mounted by root on Linux only"
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNS) != 0:
        return f"disk full: no mounts of our own here ({os.strerror(ctypes.get_errno())})"
    done = subprocess.run(["/bin/mount", "--make-rprivate", "/"], capture_output=True, text=True, check=False)
    return f"disk full: {done.stderr.strip()}" if done.returncode else None


class SmallDisk:
    """A tmpfs on `folder`, gone with the process."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder, self._ballast = folder, folder / "ballast"
        how = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
        subprocess.run(["/bin/mount", *how], check=True, capture_output=True)

    def fill(self) -> None:
        """Leave no byte free."""
        with self._ballast.open("ab") as file:
            for step in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, step)

    def free(self) -> None:
        """Give the space back."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the disk away."""
        subprocess.run(["/bin/umount", "--lazy", str(self._folder)], check=False, capture_output=True)
