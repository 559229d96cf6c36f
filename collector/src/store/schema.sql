-- Events as they came, append-only. The sequence has no gaps: SQLite gives each row the greatest
-- one plus 1, a row that repeats an id uses none, and no row is removed (but see retention).
CREATE TABLE events (
    sequence    INTEGER PRIMARY KEY,
    id          TEXT    NOT NULL UNIQUE,
    type        TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    time        TEXT    NOT NULL,
    received_at TEXT    NOT NULL,
    sec_gpc     INTEGER NOT NULL CHECK (sec_gpc IN (0, 1)),
    event       TEXT    NOT NULL
) STRICT;

CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;
