-- The e-mail addresses of requests, apart from their events: an address can be erased, an event cannot.
-- The receipt is the event's number.
CREATE TABLE addresses (
    receipt  TEXT    PRIMARY KEY,
    email    TEXT    NOT NULL,
    opts_out INTEGER NOT NULL CHECK (opts_out IN (0, 1)),
    since    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX addresses_by_email ON addresses (email, opts_out);
