"""Staff: a chain's own people, who are no visitors."""
