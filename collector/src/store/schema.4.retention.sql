-- What was removed because it was old: always the oldest events, up to a sequence, so that what
-- remains has no gaps. A row for each removal.
CREATE TABLE removals (
    through       INTEGER PRIMARY KEY,
    events        INTEGER NOT NULL,
    last_received TEXT    NOT NULL,
    removed_at    TEXT    NOT NULL
) STRICT;

CREATE TRIGGER removals_are_not_changed BEFORE UPDATE ON removals
BEGIN
    SELECT raise(ABORT, 'removals are append-only');
END;

CREATE TRIGGER removals_are_not_removed BEFORE DELETE ON removals
BEGIN
    SELECT raise(ABORT, 'removals are append-only');
END;

-- An event is removed only after a removal has been written down that covers it.
DROP TRIGGER events_are_not_removed;

CREATE TRIGGER events_are_not_removed BEFORE DELETE ON events
WHEN OLD.sequence > coalesce((SELECT max(through) FROM removals), 0)
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;
