"""Contrapost brings the refunds of eCommerce stores into NetSuite."""
