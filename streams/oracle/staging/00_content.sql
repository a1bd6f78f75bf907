-- Which case is in which scope on which local day (or 'now'); every file of contributions adds its own.
CREATE TABLE content (scope VARCHAR, day VARCHAR, case_kind VARCHAR, id VARCHAR);
