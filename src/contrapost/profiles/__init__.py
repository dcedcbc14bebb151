"""Profiles as files: written, compared, and taken over from one account to another."""
