CREATE SCHEMA tickets;

CREATE TABLE tickets.ticket (
  ticket_no text        PRIMARY KEY,
  user_id   text        NOT NULL,
  show      text        NOT NULL,
  price     bigint      NOT NULL CHECK (price > 0),
  -- The payment that paid it: unique, so that no payment ever gives two tickets.
  paid_by   text        UNIQUE,
  issued_at timestamptz,
  CHECK ((paid_by IS NULL) = (issued_at IS NULL))
);

GRANT USAGE ON SCHEMA tickets TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON tickets.ticket TO "${runtimeRole}";
