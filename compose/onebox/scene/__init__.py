"""The sample camera's film: people cut out of sample photographs walk into a drawn café. Made at run time."""

from compose.onebox.scene.paths import Line, Step, Walk
from compose.onebox.scene.people import Cutout
from compose.onebox.scene.sample import SAMPLE_LINE, compose_scene
from compose.onebox.scene.video import Backdrop, film

__all__ = ["SAMPLE_LINE", "Backdrop", "Cutout", "Line", "Step", "Walk", "compose_scene", "film"]
