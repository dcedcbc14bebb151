"""What transactions do: lines, tax, ledger, stock, applications and transforms."""
