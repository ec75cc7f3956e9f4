-- What a refund of the payment that was credited has taken back of its recharge. The ledger books it, under the key
-- payment/refund; this says of which recharge, and whether it stands. Kept, so that a repeat finds what the first did.
CREATE TABLE wallet.recharge_refund (
  out_trade_no  text        NOT NULL,
  refund_no     text        NOT NULL CHECK (length(refund_no) BETWEEN 1 AND 64),
  -- ASKED: before the money was sent; TOLD: it was gone when we heard of it.
  way           text        NOT NULL CHECK (way IN ('ASKED', 'TOLD')),
  recharge_no   text        COLLATE "C" NOT NULL REFERENCES wallet.recharge,
  amount        bigint      NOT NULL CHECK (amount BETWEEN 1 AND 10000000000),
  shortfall     bigint      NOT NULL,  -- what was spent already, and is owed by the user
  taken_at      timestamptz NOT NULL,
  -- changing column
  given_back_at timestamptz,
  PRIMARY KEY (out_trade_no, refund_no, way),
  CONSTRAINT short_only_when_told CHECK (shortfall BETWEEN 0 AND CASE way WHEN 'TOLD' THEN amount ELSE 0 END),
  CONSTRAINT only_what_was_asked_for_can_fail CHECK (way = 'ASKED' OR given_back_at IS NULL)
);
CREATE UNIQUE INDEX recharge_refund_by_key ON wallet.recharge_refund ((out_trade_no || '/' || refund_no), way);

CREATE TRIGGER recharge_refund_terms BEFORE UPDATE ON wallet.recharge_refund
  FOR EACH ROW WHEN (
    OLD.given_back_at IS NOT NULL OR NEW.given_back_at IS NULL
    OR (OLD.out_trade_no, OLD.refund_no, OLD.way, OLD.recharge_no, OLD.amount, OLD.shortfall, OLD.taken_at)
         IS DISTINCT FROM
       (NEW.out_trade_no, NEW.refund_no, NEW.way, NEW.recharge_no, NEW.amount, NEW.shortfall, NEW.taken_at))
  EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER recharge_refund_kept BEFORE DELETE ON wallet.recharge_refund
  FOR EACH ROW EXECUTE FUNCTION wallet.refuse_change();
CREATE TRIGGER recharge_refund_not_emptied BEFORE TRUNCATE ON wallet.recharge_refund
  FOR EACH STATEMENT EXECUTE FUNCTION wallet.refuse_change();

-- As before; and REFUNDED is entered by a refund of the payment that was credited, and left when one was given back and not
-- all of the money is gone or going by others.
CREATE OR REPLACE FUNCTION wallet.refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state, NEW.state) IN (('AWAITING_PAYMENT', 'CREDITED'), ('AWAITING_PAYMENT', 'CANCELLED'))
     OR (OLD.state, NEW.state) = ('CREDITED', 'REFUNDED')
        AND EXISTS (SELECT FROM wallet.recharge_refund r WHERE r.out_trade_no = NEW.paid_by AND r.given_back_at IS NULL)
     OR (OLD.state, NEW.state) = ('REFUNDED', 'CREDITED')
        AND EXISTS (SELECT FROM wallet.recharge_refund r WHERE r.out_trade_no = NEW.paid_by AND r.given_back_at IS NOT NULL)
        AND NEW.amount > (SELECT coalesce(sum(r.amount), 0) FROM wallet.recharge_refund r
                          WHERE r.out_trade_no = NEW.paid_by AND r.given_back_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'recharge % cannot go from % to %', OLD.recharge_no, OLD.state, NEW.state
    USING ERRCODE = 'check_violation';
END $$;

-- Nothing is adjusted or charged back without two persons, but what a provider has refunded without us: it told us so, and
-- the amount is what left its clearing account.
CREATE OR REPLACE VIEW wallet.adjustments_have_two_persons AS
SELECT j.shard, 'journal ' || j.journal_id AS subject, 'was not approved by a second person' AS fault
FROM wallet.journal j
LEFT JOIN wallet.adjustment a ON a.adjustment_no = j.request_key AND a.journal_id = j.journal_id AND a.state = 'BOOKED' AND a.decided_by <> a.proposed_by
WHERE j.kind IN ('ADJUSTMENT', 'CHARGEBACK') AND j.xid >= wallet.since_xid() AND a.adjustment_no IS NULL
  AND NOT (j.kind = 'CHARGEBACK' AND EXISTS (
    SELECT FROM wallet.recharge_refund r
    WHERE r.out_trade_no || '/' || r.refund_no = j.request_key AND r.way = 'TOLD' AND r.recharge_no = j.reference
      AND r.amount = (SELECT -sum(p.amount) FROM wallet.posting p
                      JOIN wallet.account c ON c.account_id = p.account_id AND c.gl_code LIKE '1012.%'
                      WHERE p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id)));

GRANT SELECT, INSERT ON wallet.recharge_refund TO "${runtimeRole}";
GRANT UPDATE (given_back_at) ON wallet.recharge_refund TO "${runtimeRole}";
