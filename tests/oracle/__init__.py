"""The reports worked out a second time: plain Python over what can be seen of portals, without SQL."""
