-- Local days as ISO dates; instants are epoch seconds. `shifts` has the offsets of the zone as the pinned zone database
-- has them: DuckDB has a database of its own, which is of another year.
CREATE MACRO shift_until(instant) AS list_filter(getvariable('shifts'), lambda zone_span: zone_span.until > instant)[1].shift;

CREATE MACRO local_time(instant) AS make_timestamp((instant + shift_until(instant))::BIGINT * 1000000);

CREATE MACRO day_of(instant) AS strftime(local_time(instant), '%Y-%m-%d');

-- The instant at which a wall clock shows so many seconds: the first where it does twice, and where it never does the
-- instant at which it would, had nothing been moved.
CREATE MACRO shown_at(seconds, found) AS seconds - CASE WHEN seconds - found.shift >= found.since THEN found.shift
    ELSE shift_until(found.since - 1) END;

CREATE MACRO utc_of(seconds) AS
    shown_at(seconds, list_filter(getvariable('shifts'), lambda zone_span: seconds - zone_span.shift < zone_span.until)[1]);

CREATE MACRO day_start(day) AS utc_of(epoch(try_cast(day AS DATE)::TIMESTAMP)::BIGINT);

-- The ISO 8601 week of a day, such as 2026-W23.
CREATE MACRO week_of(day) AS strftime(day::DATE, '%G-W%V');

CREATE MACRO day_after(day) AS strftime(day::DATE + 1, '%Y-%m-%d');
