"""Rules that the law content keeps."""
