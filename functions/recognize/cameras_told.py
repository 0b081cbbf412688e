"""On AWS, each minute: how many cameras should run, as a line of the log that CloudWatch keeps as a figure.

Workers on ECS are scaled by it. The line is in CloudWatch's embedded metric format, so nobody needs a right to write
figures.
"""

import json
from datetime import datetime

from regulars.store.leases import count_wanted
from regulars.store.session import Engine, transaction
from regulars.tenancy import PLATFORM

NAMESPACE, DIMENSION = "Regulars", {"Installation": "regulars"}


def cameras_told(engine: Engine, now: datetime) -> str:
    """Return the line: `CamerasWanted` should and may run, `CamerasLeased` of them a worker holds.

    Raises DependencyAway.
    """
    with transaction(engine, PLATFORM) as connection:
        wanted, leased = count_wanted(connection, now)
    figures = {"CamerasWanted": wanted, "CamerasLeased": leased}
    described = {
        "Namespace": NAMESPACE,
        "Dimensions": [list(DIMENSION)],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in figures],
    }
    told = {"Timestamp": round(now.timestamp() * 1000), "CloudWatchMetrics": [described]}
    return json.dumps({"_aws": told, **DIMENSION, **figures})
