"""One machine, nothing installed beforehand: embedded servers and the very processes of production."""
