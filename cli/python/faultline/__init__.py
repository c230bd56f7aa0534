"""Faultline: finds where a dispatch fallback of PyTorch does not do what the kernel that it replaces does."""
