-- What accounts are opted out of, so far as events have said; a purpose that no event has spoken of
-- has no row. It outlives the events that it comes from. The receipt is the number of the event
-- that last changed it, and `since` is when that was received.
CREATE TABLE accounts (
    account   TEXT    NOT NULL,
    purpose   TEXT    NOT NULL,
    opted_out INTEGER NOT NULL CHECK (opted_out IN (0, 1)),
    since     TEXT    NOT NULL,
    receipt   TEXT    NOT NULL,
    PRIMARY KEY (account, purpose)
) STRICT, WITHOUT ROWID;

-- The numbers of tokens that have served an event, until they have expired.
CREATE TABLE account_tokens (
    number  TEXT    PRIMARY KEY,
    receipt TEXT    NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_tokens_by_end ON account_tokens (expires);
