"""The sheets of a refund's page: what is shown under each of the six headings, and how it is said."""
