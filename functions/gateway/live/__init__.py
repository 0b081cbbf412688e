"""The live stream: what an open page should show anew."""
