"""How much later than it left the camera a picture is decoded: a film whose pictures show their own number tells.

Time stamps would not do: what FFmpeg makes of them may be off by a picture.
"""

from fractions import Fraction
from pathlib import Path
from time import time
from typing import Any

import av
import numpy as np

from compose.onebox.scene.sample import FPS
from compose.onebox.scene.ways import HEIGHT, WIDTH
from realtime_workers.source_av import open_rtsp
from regulars.domain.faces import Image
from tests.bench.journey.tap import Tap

BITS, BLACK, WHITE = 8, 40, 200
PICTURES = 2**BITS - 1
WATCHED_S = 8.0
FIRST_S = 2.0
"""So long after the first picture the reader has caught up with the stream."""


def write_numbered_film(path: Path) -> None:
    """Write a film of the journeys' size and rate whose picture n shows n as bars, the highest bit at the left."""
    writing: Any = av  # its stubs leave packets and frames half typed
    with writing.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        options = {"preset": "ultrafast", "crf": "21", "bf": "0", "g": str(2 * FPS), "sc_threshold": "0"}
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        for number in range(PICTURES):
            bars = [WHITE if number >> bit & 1 else BLACK for bit in reversed(range(BITS))]
            row = np.repeat(np.array(bars, np.uint8), WIDTH // BITS)
            frame = writing.VideoFrame.from_ndarray(np.broadcast_to(row[:, None], (HEIGHT, WIDTH, 3)).copy())
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def decoding_s(tap: Tap, url: str) -> list[float]:
    """Return how long after each picture's last packet the worker's reader hands it out, in seconds."""
    got, source = list[tuple[int, float]](), open_rtsp(url)
    for picture in source.pictures():
        at_s = time()
        got.append((_number(picture.image()), at_s))
        if at_s - got[0][1] > WATCHED_S:
            break
    source.close()
    left_s = list(tap.readers[-1].values())
    return [at_s - left_s[number] for number, at_s in got if at_s - got[0][1] > FIRST_S]


def _number(image: Image) -> int:
    width = image.shape[1] // BITS
    bits = [int(image[image.shape[0] // 2, width * place + width // 2].mean() > 128) for place in range(BITS)]
    return int("".join(map(str, bits)), 2)
