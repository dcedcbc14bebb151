"""An emulator of NetSuite: REST records, transforms and SuiteQL, with a ledger that balances."""

from contrapost_emulators.netsuite.launch import main, serve

__all__ = ["main", "serve"]
