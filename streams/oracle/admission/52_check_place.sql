-- A record in another partition than the one of its key is none: the facts of a case would be in two places.
INSERT INTO wrong SELECT n FROM record WHERE elsewhere;
