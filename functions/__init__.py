"""Code that runs when it is called: the gateway and the recognize function."""
