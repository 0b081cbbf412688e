"""A past for a chain that never was: for the demo, screenshots and measurements."""
