-- Which version of the policy holds for what began at an instant, and the day 0 of a clock in working days: the local
-- day it begins on, or the next one after the cut-off of that version.
CREATE MACRO version_at(instant) AS coalesce(
    (SELECT arg_max(version, valid_from) FROM policy_version WHERE valid_from <= day_of(instant)),
    (SELECT min(version) FROM policy_version));

CREATE MACRO cutoff_of(wanted) AS (SELECT max(cutoff) FROM policy_version WHERE version = wanted);

CREATE MACRO day_zero(instant, cutoff) AS strftime(local_time(instant)::DATE
    + CASE WHEN strftime(local_time(instant), '%H:%M:%S') > cutoff || ':00' THEN 1 ELSE 0 END, '%Y-%m-%d');

-- An hour of a local day; 24:00 is the next midnight.
CREATE MACRO local_instant(day, clock) AS utc_of(epoch(day::DATE::TIMESTAMP)::BIGINT
    + 60 * (60 * clock[1:2]::BIGINT + clock[4:5]::BIGINT));

-- Days within which a clock in working time has used up its limit and all escalations: working days are more than a
-- third of all but a holiday's, office hours at least one an hour long; waiting may take as long as it has.
CREATE MACRO far(amount, escalates, unit, reasons, start) AS (
    40 + 3 * (amount * coalesce(list_max(list_concat([100], escalates)), 100)) // CASE unit WHEN 'working_days' THEN 100
        ELSE 6000 END + CASE WHEN len(reasons) > 0 THEN greatest(0, (getvariable('at') - start) // 86400) ELSE 0 END)::INTEGER;
