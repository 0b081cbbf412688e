"""What every flow works with: put together from the settings in the process that runs it."""

from regulars import wiring
from regulars.ports import ObjectStore, VectorIndex
from regulars.settings import FLOWS_NEEDS, Settings, load_settings
from regulars.store.session import Engine


class Parts:
    """The outside parts of one flow run. Raises ConfigurationRefused for settings that cannot be used."""

    def __init__(self) -> None:
        self.settings: Settings = load_settings(FLOWS_NEEDS)
        self.engine: Engine = wiring.engine(self.settings, pool_size=2)
        self.objects: ObjectStore = wiring.object_store(self.settings)
        self.vectors: VectorIndex = wiring.vector_index(self.settings)
