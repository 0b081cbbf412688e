"""Code that runs always: cameras in, tracks out."""
