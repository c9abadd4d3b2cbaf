"""What students get: one module of stubs a unit, to be filled in."""
