"""The history of a cohort: a database of its runs, from which a report says what changed since the last one."""
