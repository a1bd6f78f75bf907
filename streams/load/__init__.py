"""One's own data from files: events for the input topics, and the network; everything is checked before it is sent."""
