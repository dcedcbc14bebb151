"""The proof: the store's refunds against NetSuite's records, for a span of days."""
