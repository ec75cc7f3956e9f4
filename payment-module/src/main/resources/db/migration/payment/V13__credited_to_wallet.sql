-- Money that came and bought nothing may become balance of its payer's wallet, decided by a policy or by a person.
ALTER TABLE payment.payment
  -- What it has become there, in the wallet's own numbering. What it was to pay for stays in purpose and reference.
  ADD COLUMN credited_as text CHECK (length(credited_as) BETWEEN 1 AND 100),
  ADD CONSTRAINT credited_is_settled
    CHECK (credited_as IS NULL OR fulfilment IN ('SUCCEEDED', 'REVERSED'));

-- Once, in one step, from where it was parked and nothing of it was going back. It never becomes anything else.
CREATE FUNCTION payment.refuse_crediting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'payment % cannot be credited to a wallet as it stands', OLD.out_trade_no USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payment_credited BEFORE UPDATE OF credited_as ON payment.payment
  FOR EACH ROW WHEN (
    OLD.credited_as IS DISTINCT FROM NEW.credited_as
    AND (OLD.credited_as IS NOT NULL OR OLD.state <> 'PAID' OR OLD.fulfilment <> 'PARKED' OR OLD.held_fulfilment IS NOT NULL
         OR NEW.fulfilment <> 'SUCCEEDED'))
  EXECUTE FUNCTION payment.refuse_crediting();

ALTER TABLE payment.policy_decision
  DROP CONSTRAINT policy_decision_action_check,
  ADD CONSTRAINT policy_decision_action_check CHECK (action IN ('REOPEN', 'REFUND', 'CREDIT_TO_WALLET', 'ASK'));
