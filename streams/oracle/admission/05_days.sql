-- Local days as ISO dates; instants are epoch seconds.
CREATE MACRO day_of(instant) AS strftime(to_timestamp(instant) AT TIME ZONE getvariable('zone'), '%Y-%m-%d');

CREATE MACRO day_start(day) AS epoch((day::DATE::TIMESTAMP) AT TIME ZONE getvariable('zone'))::BIGINT;

-- The ISO 8601 week of a day, such as 2026-W23.
CREATE MACRO week_of(day) AS strftime(day::DATE, '%G-W%V');

CREATE MACRO day_after(day) AS strftime(day::DATE + 1, '%Y-%m-%d');
