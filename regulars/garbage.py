"""In the entry points that serve: Python looks for garbage in what requests make, not among all the modules too."""

import gc


def settle() -> None:
    """Set aside what the process has made until now, and look for garbage from here on.

    A full collection walks all that was imported, and reports of many rows set it off. Called once, when the process
    has its app. It collects nothing itself: importing leaves next to none behind.
    """
    gc.freeze()
    gc.enable()
