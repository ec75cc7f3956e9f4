-- Who may do what: administrators and their sessions, login throttle, API keys, idempotency keys.
CREATE SCHEMA access;

CREATE TABLE access.admin_user (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username          text        NOT NULL UNIQUE CHECK (username = lower(username) AND length(username) BETWEEN 1 AND 64),
    password_hash     text        NOT NULL,
    -- Set while the password is a one-time password: good for one login before then, which must replace it.
    one_time_until    timestamptz,
    created_at        timestamptz NOT NULL,
    password_since    timestamptz NOT NULL,
    -- Who let this person in; the first one came with the installation.
    added_by          text,
    -- Rows stay, for the names stand beside what was done under them.
    deactivated_at    timestamptz,
    deactivated_by    text,
    CHECK ((deactivated_at IS NULL) = (deactivated_by IS NULL)),
    CONSTRAINT never_oneself CHECK (deactivated_by <> username)
);

-- Failed logins, counted per user name (existing or not) and per address.
CREATE TABLE access.login_throttle (
    subject           text        PRIMARY KEY,
    failures          integer     NOT NULL CHECK (failures > 0),
    next_try_at       timestamptz NOT NULL,
    last_failure_at   timestamptz NOT NULL
);
CREATE INDEX login_throttle_last_failure ON access.login_throttle (last_failure_at);

CREATE TABLE access.api_key (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name              text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- The key's first characters, so that people can tell keys apart.
    hint              text        NOT NULL,
    hash              bytea       NOT NULL UNIQUE CHECK (length(hash) = 32),
    scopes            text[]      NOT NULL CHECK (cardinality(scopes) > 0),
    created_at        timestamptz NOT NULL,
    created_by        text        NOT NULL,
    last_used_at      timestamptz,
    revoked_at        timestamptz,
    revoked_by        text,
    CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- One row per Idempotency-Key. RUNNING: an attempt works on it until lease_until. DONE: the kept answer.
-- OPEN: the last attempt ended with an error that is not kept; the next one works under the same request_id.
CREATE TABLE access.idempotent_request (
    -- 0 is the bootstrap key of the configuration, which has no row.
    api_key_id        bigint      NOT NULL,
    key               text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint       bytea       NOT NULL CHECK (length(fingerprint) = 32),
    request_id        uuid        NOT NULL,
    state             text        NOT NULL CHECK (state IN ('RUNNING', 'OPEN', 'DONE')),
    attempt           uuid        NOT NULL,
    lease_until       timestamptz NOT NULL,
    -- An OPEN row may take another body: its last attempt was refused before it did anything.
    rebindable        boolean     NOT NULL DEFAULT false,
    status            smallint,
    content_type      text,
    location          text,
    body              bytea,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (api_key_id, key),
    CHECK ((state = 'DONE') = (status IS NOT NULL AND body IS NOT NULL))
);
CREATE INDEX idempotent_request_created ON access.idempotent_request (created_at);

-- Spring Session's tables, as its JDBC repository expects them.
CREATE TABLE access.session (
    primary_id            char(36) NOT NULL PRIMARY KEY,
    session_id            char(36) NOT NULL UNIQUE,
    creation_time         bigint   NOT NULL,
    last_access_time      bigint   NOT NULL,
    max_inactive_interval integer  NOT NULL,
    expiry_time           bigint   NOT NULL,
    principal_name        varchar(100)
);
CREATE INDEX session_expiry ON access.session (expiry_time);
CREATE INDEX session_principal ON access.session (principal_name);

CREATE TABLE access.session_attributes (
    session_primary_id    char(36)     NOT NULL REFERENCES access.session (primary_id) ON DELETE CASCADE,
    attribute_name        varchar(200) NOT NULL,
    attribute_bytes       bytea        NOT NULL,
    PRIMARY KEY (session_primary_id, attribute_name)
);

GRANT USAGE ON SCHEMA access TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE ON access.admin_user, access.api_key TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE, DELETE
    ON access.login_throttle, access.idempotent_request, access.session, access.session_attributes
    TO "${runtimeRole}";
