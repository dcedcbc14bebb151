"""Starts the emulator: `python -m contrapost_emulators.shopify --port 8100`."""

from contrapost_emulators.shopify.server import main

if __name__ == "__main__":
    main()
