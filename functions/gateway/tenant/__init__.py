"""The chain itself: whether its cameras recognize people or only count them."""
