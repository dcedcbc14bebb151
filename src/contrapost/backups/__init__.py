"""Backups: all that Contrapost keeps, in one file that needs no other program, and the way back from it."""
