"""The tiles of the wallboard: which there are, what each shows, and the rows behind each."""
