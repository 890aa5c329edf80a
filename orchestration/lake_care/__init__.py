"""What keeps the lake small and clean."""
