"""The second implementation: every KPI once more, in SQL on DuckDB, from the same records; nothing is shared.

It imports nothing of `schemas`, `facts`, `cases`, `sla`, `cells` or `kpis`; what the two have in common are the
documents. The files run in the order of their names:

- `admission/*.sql` once per run: the contract as rows (a family adds its fields to `contract`, its types to
  `event_type`, its key to `family`), which records are events, and the facts that these state, in `fact`.
  Given: `record` (n, family, topic, partition, position, key, body, empty, stamp, seen), times in seconds;
  `calendar` (day, starts, ends), the local days; every setting as a variable of its name, durations in days also
  in seconds: `getvariable('momentary_threshold_seconds')`.
- `staging/*.sql` at each read time `getvariable('at')`: the facts that hold, in `standing`, what cases are, and what
  they add. Given besides: `read_time` (instant), all marks; `published` (scope, period), what the KPI table has. Who
  adds something inserts it into `content` (scope, day or 'now', case_kind, id). `90_places.sql` makes `place` of it:
  every scope and period that is compared.
- `kpis/<name>.sql`, one per KPI, is a SELECT of

  | column | meaning |
  | --- | --- |
  | scope, dims, period | as in the key of the record; one row for every place of the KPI's grouping sets |
  | case_kind | whose cases are behind it, as in `content` |
  | definition_version | of the formula |
  | final_after | seconds after the period's end at which the value is final; null: never |
  | numerator, denominator | integers; null: undefined |
  | rate | what the numerator grows by in a second, without anything arriving |
  | denominator_rate | the same of the denominator; may be left out |
  | present | whether there is anything in it; such a record has to be there |

  A file with a KPI's name is all it takes: `live([...])` and `dated([...])` give the places of some grouping sets.

What has to be announced of clocks depends on what was known when: `announced.py` goes from mark to mark for it, through
the files of staging that clocks need.
"""
