-- Who took which list as a file. Written before the first line leaves, completed after the last.
CREATE TABLE wallet.export_log (
  export_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  what        text        NOT NULL,
  filter      text        NOT NULL,
  format      text        NOT NULL CHECK (format IN ('CSV', 'XLSX')),
  exported_by text        NOT NULL,
  started_at  timestamptz NOT NULL,
  -- changing columns
  finished_at timestamptz,
  rows        bigint      CHECK (rows >= 0),
  sha256      bytea       CHECK (length(sha256) = 32),  -- of the CSV file with these lines
  CHECK ((finished_at IS NULL) = (rows IS NULL) AND (finished_at IS NULL) = (sha256 IS NULL))
);
CREATE TRIGGER export_log_ends_once BEFORE UPDATE ON wallet.export_log
  FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER export_log_kept BEFORE DELETE ON wallet.export_log FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER export_log_not_emptied BEFORE TRUNCATE ON wallet.export_log
  FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();

GRANT SELECT, INSERT ON wallet.export_log TO "${runtimeRole}";
GRANT UPDATE (finished_at, rows, sha256) ON wallet.export_log TO "${runtimeRole}";
