"""Ground truth: the model answers of every unit, each also a usable library function (numpy only)."""
