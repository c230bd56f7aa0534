"""Registers no operator."""
