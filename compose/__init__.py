"""The parts put together on one machine."""
