"""A person, erased everywhere."""
