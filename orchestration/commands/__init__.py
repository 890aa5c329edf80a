"""One module per command of `dealhouse`."""
