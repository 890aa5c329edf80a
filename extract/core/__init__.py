"""What every source shares: settings, HTTP, the lake, the cycle."""
