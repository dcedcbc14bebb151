"""Runs the emulator: `python -m contrapost_emulators.netsuite --port N`."""

from contrapost_emulators.netsuite import main

main()
