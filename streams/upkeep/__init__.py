"""Operations on the topics: find foreign rows, delete the state of a role."""
