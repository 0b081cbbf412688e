"""What a person may ask for: to be found, told, forgotten, and not to be recognized; what they have consented to."""
