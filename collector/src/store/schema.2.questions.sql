-- What the exports and the yearly counts ask for, read out of the event itself.
ALTER TABLE events ADD COLUMN kind TEXT
    GENERATED ALWAYS AS (event ->> '$.data.kind') VIRTUAL;

ALTER TABLE events ADD COLUMN how TEXT
    GENERATED ALWAYS AS (event ->> '$.data.how') VIRTUAL;

ALTER TABLE events ADD COLUMN earlier_signal INTEGER
    GENERATED ALWAYS AS (coalesce(event ->> '$.data.signals.earlierSignal', 0)) VIRTUAL;

-- Whether what was asked was done, in whole or in part: after an opt-out something is denied, after
-- an opt-in something is permitted, after a limit the use of sensitive data is denied.
ALTER TABLE events ADD COLUMN complied INTEGER
    GENERATED ALWAYS AS (
        CASE event ->> '$.data.kind'
            WHEN 'opt_out' THEN (0 IN (
                event ->> '$.data.purposes.sale.allowed',
                event ->> '$.data.purposes.sharing.allowed',
                event ->> '$.data.purposes.targeted_advertising.allowed',
                event ->> '$.data.purposes.profiling.allowed',
                event ->> '$.data.purposes.sensitive_data.allowed'
            )) IS 1
            WHEN 'opt_in' THEN (1 IN (
                event ->> '$.data.purposes.sale.allowed',
                event ->> '$.data.purposes.sharing.allowed',
                event ->> '$.data.purposes.targeted_advertising.allowed',
                event ->> '$.data.purposes.profiling.allowed',
                event ->> '$.data.purposes.sensitive_data.allowed'
            )) IS 1
            WHEN 'limit' THEN event ->> '$.data.purposes.sensitive_data.allowed' IS 0
            ELSE 0
        END
    ) VIRTUAL;

CREATE INDEX events_by_time
    ON events (received_at, type, kind, how, earlier_signal, complied);
