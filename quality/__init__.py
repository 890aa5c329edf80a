"""Great Expectations at the two edges: what was landed, and what is about to be published."""
