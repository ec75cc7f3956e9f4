-- Payments that a person has handed out again all together: who, which, and how far it is.
CREATE TABLE payment.retry_job (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created_at   timestamptz NOT NULL,
  actor        text        NOT NULL,
  filter       text        NOT NULL,
  found        int         NOT NULL CHECK (found >= 0),
  retried      int         NOT NULL DEFAULT 0,
  -- Those with which nothing had to be done any more, or nothing could be.
  skipped      int         NOT NULL DEFAULT 0,
  state        text        NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'DONE', 'CANCELLED')),
  finished_at  timestamptz,
  cancelled_by text,
  CHECK (retried + skipped <= found),
  CHECK ((finished_at IS NULL) = (state = 'RUNNING')),
  CHECK ((cancelled_by IS NOT NULL) = (state = 'CANCELLED'))
);
CREATE INDEX retry_job_running ON payment.retry_job (id) WHERE state = 'RUNNING';

-- What is still to be done for a job.
CREATE TABLE payment.retry_item (
  job          bigint NOT NULL REFERENCES payment.retry_job,
  out_trade_no text   NOT NULL REFERENCES payment.payment ON DELETE CASCADE,
  PRIMARY KEY (job, out_trade_no)
);

GRANT SELECT, INSERT, UPDATE ON payment.retry_job TO "${runtimeRole}";
GRANT SELECT, INSERT, DELETE ON payment.retry_item TO "${runtimeRole}";
