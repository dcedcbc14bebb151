"""NetSuite: what stands there (`bill`), what is to stand there (`drafts`), and the way to it (`client`)."""
