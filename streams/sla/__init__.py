"""What deadlines go by: the working calendar. Pure."""
