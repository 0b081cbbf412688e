"""Where a tracked face will be next: `track.py` asks it before each association and corrects it after."""

import math

VELOCITY_STD_START = 6.0
"""Face widths per second that a new face may move: 0.16 m a face, a brisk walk is 1.5 to 2 m/s, and half of that
again is beyond one standard deviation."""
ACCELERATION_STD = 5.0
"""Face widths per second squared: a walker comes to a stop within about a second. A livelier filter would take the half
face seen last, before somebody goes behind something, for a change of speed, and expect them in the wrong place."""
MEASURE_STD = 0.06
"""Face widths: how much a detector's box centre trembles on a still face."""
COAST_DECAY_S = 3.0
"""While a face is hidden its speed is trusted less and less: halved about every 2 s."""
SIZE_GAIN = 0.4


class FaceMotion:
    """Constant-velocity Kalman filter of a face's centre, in units of its size; size itself is smoothed.

    Both axes have the same noise, so one 2x2 covariance (position, velocity) serves both. `size` is the geometric
    mean of box width and height in pixels; positions are pixels, speeds pixels per second.
    """

    __slots__ = ("_pp", "_pv", "_vv", "size", "vx", "vy", "x", "y")
    x: float
    y: float
    vx: float
    vy: float
    _pp: float
    _pv: float
    _vv: float

    def __init__(self, x: float, y: float, size: float) -> None:
        self.x, self.y, self.size = x, y, size
        self.vx = self.vy = 0.0
        self._pp, self._pv, self._vv = MEASURE_STD**2, 0.0, VELOCITY_STD_START**2

    def predict(self, step_s: float, *, coasting: bool) -> None:
        """Move on by `step_s` seconds; `coasting` when the face was not seen at the last step."""
        keep = math.exp(-step_s / COAST_DECAY_S) if coasting else 1.0
        self.vx, self.vy = self.vx * keep, self.vy * keep
        self.x += self.vx * step_s
        self.y += self.vy * step_s
        noise = ACCELERATION_STD**2
        self._pp += 2 * step_s * self._pv + step_s**2 * self._vv + noise * step_s**4 / 4
        self._pv += step_s * self._vv + noise * step_s**3 / 2
        self._vv += noise * step_s**2

    def correct(self, x: float, y: float, size: float) -> None:
        """Take the centre and size at which the face was found."""
        self.size = math.exp((1 - SIZE_GAIN) * math.log(self.size) + SIZE_GAIN * math.log(size))
        innovation = self._pp + MEASURE_STD**2
        gain, speed_gain = self._pp / innovation, self._pv / innovation
        dx, dy = x - self.x, y - self.y
        self.x, self.y = self.x + gain * dx, self.y + gain * dy
        self.vx, self.vy = self.vx + speed_gain * dx, self.vy + speed_gain * dy
        self._vv -= speed_gain * self._pv
        self._pv *= 1 - gain
        self._pp *= 1 - gain
