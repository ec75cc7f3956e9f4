CREATE SCHEMA database;

-- What this database has been used for; never taken back.
CREATE TABLE database.mark (
  kind text        PRIMARY KEY CHECK (kind IN ('SANDBOX')),
  at   timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA database TO "${runtimeRole}";
GRANT SELECT, INSERT ON database.mark TO "${runtimeRole}";
