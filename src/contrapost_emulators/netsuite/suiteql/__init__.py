"""Answers SuiteQL from a mirror of the account's records."""
