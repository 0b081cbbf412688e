"""Accounts of people: invited, changed and removed by a chain's owner, or by the platform's operator."""
