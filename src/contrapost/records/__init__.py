"""The rows: accounts, transactions, attempts, links and the lease. Nothing else speaks to the database."""
