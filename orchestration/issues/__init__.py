"""Data quality between the lake and its readers: rules and mutes landed, transitions kept, pages written."""
