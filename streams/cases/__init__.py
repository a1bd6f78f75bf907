"""Cases: the things whose lives the events tell: from facts to what a case adds to which cells."""
