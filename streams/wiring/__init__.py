"""From settings to what workers go by: the rules, and the names of the topics that each role reads and writes."""
