"""From the facts of a case to its contribution to cells, and until when it holds; its summary and its findings."""
