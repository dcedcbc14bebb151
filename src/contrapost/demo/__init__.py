"""The demo: an emulated store and an emulated NetSuite on this machine, and one refund on its way between them."""
