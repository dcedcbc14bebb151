"""Writing a plan into NetSuite, once: intent, call, outcome, read-back."""
