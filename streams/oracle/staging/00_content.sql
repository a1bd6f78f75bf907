-- Which case is in which scope on which local day (or 'now'); every file of contributions adds its own.
CREATE TABLE content (scope VARCHAR, day VARCHAR, case_kind VARCHAR, id VARCHAR);

-- The local day of the read time.
CREATE TABLE today AS
SELECT day, starts FROM calendar WHERE getvariable('at') >= starts AND getvariable('at') < ends;

-- A value of a list that sources may extend: what is not on it is other.
CREATE MACRO listed(value, known) AS CASE WHEN value IS NULL OR list_contains(known, value) THEN value ELSE 'other' END;
