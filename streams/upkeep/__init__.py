"""What an operator does to the topics themselves: look for foreign rows, drop a role's state."""
