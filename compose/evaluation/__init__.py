"""`./run eval`: what recognition and counting get wrong, measured with the product's own rules."""
