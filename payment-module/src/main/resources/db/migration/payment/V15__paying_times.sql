-- When a payment is asked about first is learned from how long people take to pay, by account and method. Counted afterwards,
-- hour by hour of their opening, so that neither opening nor booking a payment pays for it.

-- How many payments of one hour were paid within so many seconds and not within five fewer; beyond ten minutes all are one.
CREATE TABLE payment.paying_time (
  hour     timestamptz NOT NULL,
  provider text        NOT NULL,
  account  text        NOT NULL,
  method   text        NOT NULL,
  within   int         NOT NULL CHECK (within BETWEEN 5 AND 600 AND within % 5 = 0),
  n        bigint      NOT NULL CHECK (n > 0),
  PRIMARY KEY (hour, provider, account, method, within)
);

-- Until when hours are counted. Who counts one locks the row.
CREATE TABLE payment.paying_time_counted (
  one   boolean     PRIMARY KEY DEFAULT true CHECK (one),
  until timestamptz NOT NULL
);
INSERT INTO payment.paying_time_counted (until) VALUES (date_trunc('hour', now() - interval '7 days'));

-- What was learned: within what time nine of ten are paid, and from it, within bounds, when the first question is due.
CREATE TABLE payment.first_question (
  provider     text        NOT NULL,
  account      text        NOT NULL,
  method       text        NOT NULL,
  usual        int         NOT NULL CHECK (usual > 0),
  gap          int         NOT NULL CHECK (gap > 0),
  learned_from bigint      NOT NULL CHECK (learned_from > 0),
  learned_at   timestamptz NOT NULL,
  PRIMARY KEY (provider, account, method)
);

GRANT SELECT, INSERT, DELETE ON payment.paying_time TO "${runtimeRole}";
GRANT SELECT, UPDATE ON payment.paying_time_counted TO "${runtimeRole}";
GRANT SELECT, INSERT, UPDATE, DELETE ON payment.first_question TO "${runtimeRole}";
