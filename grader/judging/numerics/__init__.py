"""The numerical instruments of the judge: rounding-error bounds, slopes, kinks."""
