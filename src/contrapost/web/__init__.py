"""The web door: pages, rendered here, that work without script and are quicker with it."""
