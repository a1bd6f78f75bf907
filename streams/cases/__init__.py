"""From the facts of a case to what it adds to which cells, until when; its summary and its findings."""
