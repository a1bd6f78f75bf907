-- A record in another partition than the partition of its key is rejected: the facts of a case would be in two places.
INSERT INTO wrong SELECT n FROM record WHERE elsewhere;
