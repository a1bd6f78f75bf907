-- Local days as ISO dates; instants are epoch seconds.
CREATE MACRO day_of(instant) AS strftime(to_timestamp(instant) AT TIME ZONE getvariable('zone'), '%Y-%m-%d');

CREATE MACRO day_start(day) AS epoch((day::DATE::TIMESTAMP) AT TIME ZONE getvariable('zone'))::BIGINT;

CREATE MACRO day_after(day) AS strftime(day::DATE + 1, '%Y-%m-%d');
