"""Your own data from files: events for the input topics, and the network; all checked before they are sent."""
