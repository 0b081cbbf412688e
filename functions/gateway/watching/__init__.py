"""Looking through a camera: live view, and a picture to try a source."""
