"""Emulators of the systems Contrapost talks to: each its own process, strict and stateful."""
