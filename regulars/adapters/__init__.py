"""One technology per file; vendor errors are translated here and nowhere else."""
