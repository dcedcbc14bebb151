"""Where refunds come from: the contract every store meets, and one folder per connector."""
