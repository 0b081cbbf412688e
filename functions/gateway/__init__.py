"""The HTTP gateway: workers, the portal and scripts talk to the system here."""
