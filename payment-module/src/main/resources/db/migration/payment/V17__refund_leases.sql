-- Until when the one who has taken a refund on may send it: nobody else may meanwhile, not even if a person wants it tried again.
-- A due time alone does not tell a lease from a gap.
ALTER TABLE payment.refund ADD COLUMN leased_until timestamptz;
