"""From a refund and its bill to the plan of what NetSuite is to hold: pure, no I/O, no clock."""
