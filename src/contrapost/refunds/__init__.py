"""The neutral refund document and what follows from it alone: pure, no I/O, no clock."""
