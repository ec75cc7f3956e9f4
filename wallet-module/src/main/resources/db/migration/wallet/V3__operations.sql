-- What can be done with the money of one wallet. Each function is one round trip: it locks the wallet, answers a repeated
-- key as it was answered before, refuses what cannot be (and keeps the refusal), or books. All run at READ COMMITTED in the
-- caller's transaction, and each statement in them sees what was committed while the function waited for the lock.
--
-- Locks, always in this order: the wallet (its 2204.01 balance row), its other balance rows, its lots, its holds. Platform
-- accounts have no row to lock.

-- The answer of every operation. A replay answers what was answered the first time.
CREATE TYPE wallet.answer AS (
  outcome    text,     -- as in wallet.request
  journal_id bigint,
  principal  bigint,   -- what moved of the two parts, without signs; zero for a refusal
  bonus      bigint,
  replayed   boolean
);

-- What an operation may move, as in every other interface. A negative amount would turn each of them round.
CREATE DOMAIN wallet.amount AS bigint NOT NULL CHECK (VALUE BETWEEN 1 AND 10000000000);

-- Opens a wallet whole, with its balance rows, unless it is there. Answers its owner.
CREATE FUNCTION wallet.open_wallet(p_shard smallint, p_user_id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  owner bigint;
BEGIN
  SELECT owner_id INTO owner FROM wallet.owner WHERE shard = p_shard AND user_id = p_user_id;
  IF NOT FOUND THEN
    INSERT INTO wallet.owner (shard, user_id) VALUES (p_shard, p_user_id) ON CONFLICT DO NOTHING RETURNING owner_id INTO owner;
    IF NOT FOUND THEN
      SELECT owner_id INTO owner FROM wallet.owner WHERE shard = p_shard AND user_id = p_user_id;
    ELSE
      PERFORM wallet.open_account(p_shard, owner, gl_code) FROM wallet.gl_account
        WHERE gl_code IN ('2204.01', '2204.02', '2204.11', '2204.12') ORDER BY gl_code;
    END IF;
  END IF;
  RETURN owner;
END $$;

-- Opens one account of a wallet, unless it is there.
CREATE FUNCTION wallet.open_account(p_shard smallint, p_owner_id bigint, p_gl_code text) RETURNS void LANGUAGE sql AS $$
  WITH opened AS (
    INSERT INTO wallet.account (shard, owner_id, gl_code) VALUES (p_shard, p_owner_id, p_gl_code)
    ON CONFLICT DO NOTHING RETURNING account_id
  )
  INSERT INTO wallet.account_balance (shard, account_id, owner_id, gl_code, normal)
  SELECT p_shard, opened.account_id, p_owner_id, p_gl_code, g.normal
  FROM opened CROSS JOIN wallet.gl_account g WHERE g.gl_code = p_gl_code
$$;

-- Locks a wallet and answers its owner; null if there is none.
CREATE FUNCTION wallet.lock_wallet(p_shard smallint, p_user_id text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  owner bigint;
BEGIN
  SELECT o.owner_id INTO owner
  FROM wallet.owner o
  JOIN wallet.account_balance b ON b.shard = o.shard AND b.owner_id = o.owner_id AND b.gl_code = '2204.01'
  WHERE o.shard = p_shard AND o.user_id = p_user_id
  FOR NO KEY UPDATE OF b;
  RETURN owner;
END $$;

-- The clearing account of a channel such as wechat/main.
CREATE FUNCTION wallet.clearing_code_of(p_channel text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT gl_code FROM wallet.clearing_code WHERE provider = split_part(p_channel, '/', 1)), '1012.80')
$$;

-- What was answered to this key before; null if it is new. To be asked under the wallet's lock.
CREATE FUNCTION wallet.answered(p_shard smallint, p_kind text, p_key text, p_sha256 bytea) RETURNS wallet.answer
  LANGUAGE plpgsql AS $$
DECLARE
  known  wallet.request;
  answer wallet.answer;
BEGIN
  SELECT * INTO known FROM wallet.request WHERE shard = p_shard AND kind = p_kind AND request_key = p_key;
  IF NOT FOUND THEN RETURN NULL; END IF;
  IF known.sha256 <> p_sha256 THEN
    RAISE EXCEPTION '% % was asked before with another body', p_kind, p_key USING ERRCODE = 'LG004';
  END IF;
  SELECT known.outcome, known.journal_id,
         coalesce(max(abs(p.amount)) FILTER (WHERE a.gl_code IN ('2204.01', '2204.02')
                                                OR (p_kind = 'REFUND_SETTLED' AND a.gl_code = '2241.01')), 0),
         coalesce(max(abs(p.amount)) FILTER (WHERE a.gl_code IN ('2204.11', '2204.12')), 0), true
  INTO answer
  FROM wallet.journal j
  JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
  JOIN wallet.account a ON a.account_id = p.account_id
  WHERE j.journal_id = known.journal_id AND j.shard = p_shard;
  RETURN answer;
END $$;

-- Keeps a request and its answer. The wallet's lock keeps repeats away; where there is no wallet, the key does, and a
-- repeat that waited for it is answered as the first was.
CREATE FUNCTION wallet.keep(p_shard smallint, p_kind text, p_key text, p_sha256 bytea, p_outcome text DEFAULT 'POSTED')
  RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  answer wallet.answer := (p_outcome, nextval('wallet.journal_id'), 0, 0, false);
BEGIN
  INSERT INTO wallet.request (shard, kind, request_key, sha256, outcome, journal_id)
  VALUES (p_shard, p_kind, p_key, p_sha256, p_outcome, answer.journal_id)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN wallet.answered(p_shard, p_kind, p_key, p_sha256); END IF;
  RETURN answer;
END $$;

-- Books one journal of one wallet, which is locked: raises its balances, writes head and lines. Lines of zero are left out.
-- An account code of the wallet stands for the wallet's own account, any other for the platform's of that channel.
CREATE FUNCTION wallet.post(p_shard smallint, p_owner_id bigint, p_journal_id bigint, p_kind text, p_key text,
  p_reference text, p_regards bigint, p_event_at timestamptz, p_now timestamptz, p_actor text, p_memo text,
  p_codes text[], p_channels text[], p_amounts bigint[]) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  booking_time timestamptz := (SELECT greatest(p_now, max(b.booked_at) + interval '1 microsecond')  -- rises within every account
                               FROM wallet.account_balance b WHERE b.shard = p_shard AND b.owner_id = p_owner_id);
  day          date        := (booking_time AT TIME ZONE 'Asia/Shanghai')::date;
  expected     int         := cardinality(array_remove(p_amounts, 0));
  written      int;
BEGIN
  INSERT INTO wallet.journal
    (acct_date, shard, journal_id, kind, request_key, reference, event_at, booked_at, regards, actor, memo)
  VALUES (day, p_shard, p_journal_id, p_kind, p_key, p_reference, p_event_at, booking_time, p_regards, p_actor, p_memo);
  WITH moved AS (
    UPDATE wallet.account_balance b
    SET debit = b.debit + greatest(l.amount, 0), credit = b.credit + greatest(-l.amount, 0), seq = b.seq + 1,
        booked_at = booking_time
    FROM unnest(p_codes, p_amounts) WITH ORDINALITY AS l (gl_code, amount, line)
    WHERE b.shard = p_shard AND b.owner_id = p_owner_id AND b.gl_code = l.gl_code AND l.amount <> 0
    RETURNING l.line, b.account_id, l.amount, b.seq,
              CASE b.normal WHEN 'CREDIT' THEN b.credit - b.debit ELSE b.debit - b.credit END AS balance
  )
  INSERT INTO wallet.posting (acct_date, shard, journal_id, line, account_id, amount, seq, balance)
  SELECT day, p_shard, p_journal_id, m.line, m.account_id, m.amount, m.seq, m.balance FROM moved m
  UNION ALL
  SELECT day, p_shard, p_journal_id, l.line, a.account_id, l.amount, NULL, NULL
  FROM unnest(p_codes, p_channels, p_amounts) WITH ORDINALITY AS l (gl_code, channel, amount, line)
  JOIN wallet.account a
    ON a.shard = 0 AND a.owner_id = 0 AND a.gl_code = l.gl_code AND a.channel = l.channel AND a.currency = 'CNY'
  WHERE l.amount <> 0;
  GET DIAGNOSTICS written = ROW_COUNT;
  IF written <> expected THEN
    RAISE EXCEPTION 'journal % has % lines but % accounts', p_journal_id, expected, written USING ERRCODE = 'LG005';
  END IF;
END $$;

-- Draws an amount from the lots of a wallet, which is locked, and notes it: from the bonus that expires first, then from the
-- oldest lot. Answers what it took of both parts; nothing at all if they do not hold enough. A bonus whose time has come is
-- not there any more, whether or not its expiry is booked.
--
-- Under PRO_RATA each lot gives of principal and bonus as they stand to each other in it; the fraction of a cent is the
-- bonus's, and since it is always reckoned from what is left, a lot ends at exactly zero and zero (by div(): a quotient would
-- be rounded before it is cut, and with large amounts up to the next cent). The other policies exhaust one part of all lots
-- first, or have one part only, so that it is known before how much of each part is drawn.
CREATE FUNCTION wallet.take(p_shard smallint, p_owner_id bigint, p_journal_id bigint, p_amount bigint, p_policy text,
  p_now timestamptz, p_set_aside boolean, OUT principal bigint, OUT bonus bigint) LANGUAGE plpgsql AS $$
DECLARE
  lot            record;
  of_bonus       bigint;  -- how much of the amount is bonus, where the policy says so
  share          bigint;  -- what this lot gives, and how much of it from which part
  from_principal bigint;
  from_bonus     bigint;
BEGIN
  FOR lot IN
    SELECT o.lot_id, o.principal, o.bonus,
           sum(o.principal) OVER ()::bigint AS all_principal, sum(o.bonus) OVER ()::bigint AS all_bonus
    FROM (SELECT l.lot_id, l.expires_at,
                 CASE WHEN p_policy = 'BONUS_ONLY' THEN 0 ELSE l.principal_left END AS principal,
                 CASE WHEN p_policy = 'PRINCIPAL_ONLY' OR l.expires_at <= p_now THEN 0 ELSE l.bonus_left END AS bonus
          FROM wallet.wallet_lot l
          WHERE l.shard = p_shard AND l.owner_id = p_owner_id AND l.open) o
    ORDER BY o.expires_at, o.lot_id
  LOOP
    IF lot.all_principal + lot.all_bonus < p_amount THEN RETURN; END IF;
    IF p_policy = 'PRO_RATA' THEN
      share          := least(lot.principal + lot.bonus, p_amount - coalesce(principal + bonus, 0));
      from_principal := div(share * lot.principal::numeric, greatest(lot.principal + lot.bonus, 1));
      from_bonus     := share - from_principal;
    ELSE
      of_bonus := CASE p_policy WHEN 'BONUS_FIRST' THEN least(p_amount, lot.all_bonus)
                                ELSE greatest(p_amount - lot.all_principal, 0) END;
      from_bonus     := least(lot.bonus, of_bonus - coalesce(bonus, 0));
      from_principal := least(lot.principal, p_amount - of_bonus - coalesce(principal, 0));
    END IF;
    CONTINUE WHEN from_principal + from_bonus = 0;
    UPDATE wallet.wallet_lot SET principal_left = principal_left - from_principal, bonus_left = bonus_left - from_bonus
    WHERE shard = p_shard AND lot_id = lot.lot_id;
    INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus, held_principal, held_bonus)
    VALUES (p_shard, p_journal_id, lot.lot_id, p_journal_id, from_principal, from_bonus,
            CASE WHEN p_set_aside THEN from_principal ELSE 0 END, CASE WHEN p_set_aside THEN from_bonus ELSE 0 END);
    principal := coalesce(principal, 0) + from_principal;
    bonus     := coalesce(bonus, 0)     + from_bonus;
    EXIT WHEN principal + bonus = p_amount;
  END LOOP;
END $$;

-- Spends from a wallet what a payment asks for.
CREATE FUNCTION wallet.spend(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_amount wallet.amount, p_purpose text,
  p_reference text, p_policy text, p_event_at timestamptz, p_now timestamptz) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'SPEND', p_key, p_sha256);
  number bigint;
  part   record;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  number := nextval('wallet.journal_id');
  part := wallet.take(p_shard, owner, number, p_amount, p_policy, p_now, false);
  IF part.principal IS NULL THEN RETURN wallet.keep(p_shard, 'SPEND', p_key, p_sha256, 'INSUFFICIENT_BALANCE'); END IF;
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id) VALUES (p_shard, 'SPEND', p_key, p_sha256, number);
  PERFORM wallet.post(p_shard, owner, number, 'SPEND', p_key, p_reference, NULL, p_event_at, p_now, 'system', NULL,
    ARRAY['2204.01', coalesce((SELECT gl_code FROM wallet.revenue_code WHERE purpose = p_purpose), '6001.80'), '2204.11', '2204.19'],
    ARRAY['', '', '', ''],
    ARRAY[part.principal, -part.principal, part.bonus, -part.bonus]);
  RETURN ('POSTED', number, part.principal, part.bonus, false)::wallet.answer;
END $$;

-- Sets money aside until it is captured, released, or its time is over.
CREATE FUNCTION wallet.hold(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_amount wallet.amount, p_reference text,
  p_policy text, p_expires_at timestamptz, p_now timestamptz, p_actor text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'HOLD', p_key, p_sha256);
  number bigint;
  part   record;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  number := nextval('wallet.journal_id');
  part := wallet.take(p_shard, owner, number, p_amount, p_policy, p_now, true);
  IF part.principal IS NULL THEN RETURN wallet.keep(p_shard, 'HOLD', p_key, p_sha256, 'INSUFFICIENT_BALANCE'); END IF;
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id) VALUES (p_shard, 'HOLD', p_key, p_sha256, number);
  INSERT INTO wallet.hold (shard, hold_id, owner_id, hold_no, reference, principal, bonus, expires_at, principal_left, bonus_left)
  VALUES (p_shard, number, owner, p_key, p_reference, part.principal, part.bonus, p_expires_at, part.principal, part.bonus);
  PERFORM wallet.post(p_shard, owner, number, 'HOLD', p_key, p_reference, NULL, p_now, p_now, p_actor, NULL,
    ARRAY['2204.01', '2204.02', '2204.11', '2204.12'], ARRAY['', '', '', ''],
    ARRAY[part.principal, -part.principal, part.bonus, -part.bonus]);
  RETURN ('POSTED', number, part.principal, part.bonus, false)::wallet.answer;
END $$;

-- What is still set aside by a hold, lot by lot, in the order in which it was drawn.
CREATE FUNCTION wallet.held(p_shard smallint, p_hold_id bigint)
  RETURNS TABLE (lot_id bigint, expires_at timestamptz, principal bigint, bonus bigint) LANGUAGE sql STABLE AS $$
  SELECT u.lot_id, l.expires_at, sum(u.held_principal)::bigint, sum(u.held_bonus)::bigint
  FROM wallet.lot_use u JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id
  WHERE u.shard = p_shard AND u.origin = p_hold_id
  GROUP BY u.lot_id, l.expires_at HAVING sum(u.held_principal + u.held_bonus) > 0
$$;

-- Spends for good what was set aside, or a part of it (null: all that is left); the rest stays set aside. A hold whose time is
-- over has nothing left to capture, whether or not its release is booked.
CREATE FUNCTION wallet.capture(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_hold_no text, p_amount bigint,
  p_purpose text, p_now timestamptz, p_actor text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'CAPTURE', p_key, p_sha256);
  held   wallet.hold;
  part   record;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT * INTO held FROM wallet.hold WHERE shard = p_shard AND owner_id = owner AND hold_no = p_hold_no;
  IF NOT FOUND OR held.principal_left + held.bonus_left = 0 OR held.expires_at <= p_now THEN
    RETURN wallet.keep(p_shard, 'CAPTURE', p_key, p_sha256, 'NOTHING_HELD');
  END IF;
  p_amount := coalesce(p_amount, held.principal_left + held.bonus_left)::wallet.amount;
  IF held.principal_left + held.bonus_left < p_amount THEN
    RETURN wallet.keep(p_shard, 'CAPTURE', p_key, p_sha256, 'MORE_THAN_HELD');
  END IF;
  answer := wallet.keep(p_shard, 'CAPTURE', p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  WITH queue AS (
    SELECT h.*, h.principal + h.bonus AS size,
           sum(h.principal + h.bonus) OVER (ORDER BY h.expires_at, h.lot_id) - (h.principal + h.bonus) AS before
    FROM wallet.held(p_shard, held.hold_id) h
  ), taken AS (
    SELECT q.lot_id, q.principal AS of_principal, q.size, least(q.size, p_amount - q.before) AS amount
    FROM queue q WHERE q.before < p_amount
  ), split AS (
    SELECT t.lot_id, t.amount, div(t.amount * t.of_principal, t.size)::bigint AS principal FROM taken t
  ), noted AS (
    INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus, held_principal, held_bonus)
    SELECT p_shard, answer.journal_id, s.lot_id, held.hold_id, 0, 0, -s.principal, -(s.amount - s.principal) FROM split s
  )
  SELECT sum(s.principal)::bigint AS principal, sum(s.amount - s.principal)::bigint AS bonus INTO part FROM split s;
  PERFORM wallet.lower_hold(held, part.principal, part.bonus);
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'CAPTURE', p_key, held.reference, held.hold_id, p_now, p_now, p_actor, NULL,
    ARRAY['2204.02', coalesce((SELECT gl_code FROM wallet.revenue_code WHERE purpose = p_purpose), '6001.80'), '2204.12', '2204.19'],
    ARRAY['', '', '', ''],
    ARRAY[part.principal, -part.principal, part.bonus, -part.bonus]);
  RETURN ('POSTED', answer.journal_id, part.principal, part.bonus, false)::wallet.answer;
END $$;

-- Lowers what is left of a hold; the second net under every capture and release.
CREATE FUNCTION wallet.lower_hold(p_hold wallet.hold, p_principal bigint, p_bonus bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE wallet.hold SET principal_left = principal_left - p_principal, bonus_left = bonus_left - p_bonus
  WHERE shard = p_hold.shard AND hold_id = p_hold.hold_id AND principal_left >= p_principal AND bonus_left >= p_bonus;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'hold % does not hold % and %', p_hold.hold_no, p_principal, p_bonus USING ERRCODE = 'LG005';
  END IF;
END $$;

-- Gives back what is still set aside by a hold, to the lots that it came from. A bonus whose time came meanwhile expires.
CREATE FUNCTION wallet.release(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_hold_no text, p_now timestamptz,
  p_actor text, p_memo text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'RELEASE', p_key, p_sha256);
  held   wallet.hold;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT * INTO held FROM wallet.hold WHERE shard = p_shard AND owner_id = owner AND hold_no = p_hold_no;
  IF NOT FOUND OR held.principal_left + held.bonus_left = 0 THEN
    RETURN wallet.keep(p_shard, 'RELEASE', p_key, p_sha256, 'NOTHING_HELD');
  END IF;
  answer := wallet.keep(p_shard, 'RELEASE', p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  WITH back AS MATERIALIZED (
    SELECT * FROM wallet.held(p_shard, held.hold_id)
  ), noted AS (
    INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus, held_principal, held_bonus)
    SELECT p_shard, answer.journal_id, b.lot_id, held.hold_id, -b.principal, -b.bonus, -b.principal, -b.bonus FROM back b
  )
  UPDATE wallet.wallet_lot l
  SET principal_left = l.principal_left + b.principal, bonus_left = l.bonus_left + b.bonus
  FROM back b WHERE l.shard = p_shard AND l.lot_id = b.lot_id;
  PERFORM wallet.lower_hold(held, held.principal_left, held.bonus_left);
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'RELEASE', p_key, held.reference, held.hold_id, p_now, p_now, p_actor, p_memo,
    ARRAY['2204.02', '2204.01', '2204.12', '2204.11'], ARRAY['', '', '', ''],
    ARRAY[held.principal_left, -held.principal_left, held.bonus_left, -held.bonus_left]);
  PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);
  RETURN ('POSTED', answer.journal_id, held.principal_left, held.bonus_left, false)::wallet.answer;
END $$;

-- Books the expiry of what is left of a lot's bonus. The wallet is locked.
CREATE FUNCTION wallet.expire_lot(p_shard smallint, p_owner_id bigint, p_lot_id bigint, p_now timestamptz) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  lot    wallet.wallet_lot;
  number bigint;
  key    text;
BEGIN
  SELECT * INTO lot FROM wallet.wallet_lot
  WHERE shard = p_shard AND lot_id = p_lot_id AND owner_id = p_owner_id AND bonus_left > 0 AND expires_at <= p_now;
  IF NOT FOUND THEN RETURN 0; END IF;
  number := nextval('wallet.journal_id');
  key := lot.lot_id || '.' || number;               -- once for whatever is left each time: what is given back expires again
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
  VALUES (p_shard, 'EXPIRY', key, sha256(convert_to(key, 'UTF8')), number);
  INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus)
  VALUES (p_shard, number, lot.lot_id, number, 0, lot.bonus_left);
  UPDATE wallet.wallet_lot SET bonus_left = 0 WHERE shard = p_shard AND lot_id = p_lot_id;
  PERFORM wallet.post(p_shard, p_owner_id, number, 'EXPIRY', key, lot.request_key, lot.lot_id, lot.expires_at, p_now, 'system', NULL,
    ARRAY['2204.11', '2204.19'], ARRAY['', ''], ARRAY[lot.bonus_left, -lot.bonus_left]);
  RETURN lot.bonus_left;
END $$;

-- Expires a lot's bonus whose time has come. Answers how much that was: nothing if somebody was faster.
CREATE FUNCTION wallet.expire(p_shard smallint, p_lot_id bigint, p_now timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  owner bigint;
BEGIN
  SELECT wallet.lock_wallet(o.shard, o.user_id) INTO owner
  FROM wallet.wallet_lot l JOIN wallet.owner o ON o.shard = l.shard AND o.owner_id = l.owner_id
  WHERE l.shard = p_shard AND l.lot_id = p_lot_id;
  RETURN wallet.expire_lot(p_shard, owner, p_lot_id, p_now);
END $$;

CREATE FUNCTION wallet.expire_given_back(p_shard smallint, p_owner_id bigint, p_journal_id bigint, p_now timestamptz)
  RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lot record;
BEGIN
  FOR lot IN SELECT l.lot_id FROM wallet.lot_use u JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id
             WHERE u.shard = p_shard AND u.journal_id = p_journal_id AND l.bonus_left > 0 AND l.expires_at <= p_now
             ORDER BY l.lot_id LOOP
    PERFORM wallet.expire_lot(p_shard, p_owner_id, lot.lot_id, p_now);
  END LOOP;
END $$;

-- Which revenue a part of the principal of a spend, or of a hold's captures, is given back from: what was earned last, first.
CREATE FUNCTION wallet.unearn(p_shard smallint, p_spend_id bigint, p_principal bigint) RETURNS TABLE (gl_code text, amount bigint)
  LANGUAGE sql STABLE AS $$
  WITH earned AS (
    SELECT a.gl_code, -sum(p.amount) AS amount, max(j.journal_id) FILTER (WHERE j.kind <> 'SPEND_REFUND') AS last
    FROM wallet.journal j
    JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
    JOIN wallet.account a ON a.account_id = p.account_id AND a.gl_code LIKE '6001.%'
    WHERE j.shard = p_shard AND (j.journal_id = p_spend_id OR j.regards = p_spend_id)
    GROUP BY a.gl_code HAVING sum(p.amount) < 0
  ), queue AS (
    SELECT e.*, sum(e.amount) OVER (ORDER BY e.last DESC) - e.amount AS before FROM earned e
  )
  SELECT q.gl_code, least(q.amount, p_principal - q.before)::bigint FROM queue q WHERE q.before < p_principal ORDER BY q.last DESC
$$;

-- Gives back what was spent, or a part of it, to the lots that it came from: the lot that was drawn last is given back first,
-- of principal and bonus as they were drawn from it. p_spend names the spend by its key, or the hold by its number.
CREATE FUNCTION wallet.refund_spend(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_spend text, p_amount wallet.amount,
  p_now timestamptz, p_actor text, p_memo text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'SPEND_REFUND', p_key, p_sha256);
  spent  record;
  part   record;
  earned record;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT j.journal_id, j.reference,
         (SELECT coalesce(sum(u.principal - u.held_principal + u.bonus - u.held_bonus), 0)
          FROM wallet.lot_use u WHERE u.shard = p_shard AND u.origin = j.journal_id) AS amount
  INTO spent
  FROM wallet.request r
  JOIN wallet.journal j ON j.shard = r.shard AND j.journal_id = r.journal_id
  WHERE r.shard = p_shard AND r.kind IN ('SPEND', 'HOLD') AND r.request_key = p_spend AND r.outcome = 'POSTED'
    AND EXISTS (SELECT FROM wallet.lot_use u JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id
                WHERE u.shard = p_shard AND u.origin = j.journal_id AND l.owner_id = owner)
  ORDER BY r.kind DESC LIMIT 1;
  IF NOT FOUND OR spent.amount < p_amount THEN
    RETURN wallet.keep(p_shard, 'SPEND_REFUND', p_key, p_sha256, 'MORE_THAN_SPENT');
  END IF;
  answer := wallet.keep(p_shard, 'SPEND_REFUND', p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  WITH drawn AS (
    SELECT u.lot_id, l.expires_at, sum(u.principal - u.held_principal)::bigint AS principal,
           sum(u.bonus - u.held_bonus)::bigint AS bonus
    FROM wallet.lot_use u JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id
    WHERE u.shard = p_shard AND u.origin = spent.journal_id GROUP BY u.lot_id, l.expires_at
  ), queue AS (
    SELECT d.*, d.principal + d.bonus AS size,
           sum(d.principal + d.bonus) OVER (ORDER BY d.expires_at DESC, d.lot_id DESC) - (d.principal + d.bonus) AS before
    FROM drawn d WHERE d.principal + d.bonus > 0
  ), given AS (
    SELECT q.lot_id, q.principal AS of_principal, q.size, least(q.size, p_amount - q.before) AS amount
    FROM queue q WHERE q.before < p_amount
  ), split AS MATERIALIZED (
    SELECT g.lot_id, g.amount, div(g.amount * g.of_principal, g.size)::bigint AS principal FROM given g
  ), noted AS (
    INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus)
    SELECT p_shard, answer.journal_id, s.lot_id, spent.journal_id, -s.principal, -(s.amount - s.principal) FROM split s
  ), raised AS (
    UPDATE wallet.wallet_lot l
    SET principal_left = l.principal_left + s.principal, bonus_left = l.bonus_left + s.amount - s.principal
    FROM split s WHERE l.shard = p_shard AND l.lot_id = s.lot_id
  )
  SELECT sum(s.principal)::bigint AS principal, sum(s.amount - s.principal)::bigint AS bonus INTO part FROM split s;
  SELECT coalesce(array_agg(e.gl_code), '{}') AS codes, coalesce(array_agg(e.amount), '{}') AS amounts INTO earned
  FROM wallet.unearn(p_shard, spent.journal_id, part.principal) e;
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'SPEND_REFUND', p_key, spent.reference, spent.journal_id, p_now, p_now,
    p_actor, p_memo, earned.codes || ARRAY['2204.01', '2204.19', '2204.11'], array_fill(''::text, ARRAY[cardinality(earned.codes) + 3]),
    earned.amounts || ARRAY[-part.principal, part.bonus, -part.bonus]);
  PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);
  RETURN ('POSTED', answer.journal_id, part.principal, part.bonus, false)::wallet.answer;
END $$;

-- How much of what a recharge collected went back to its payer, or is on the way, by refunds and chargebacks. That cannot go
-- back again, even if the wallet was given back meanwhile what it had spent.
CREATE FUNCTION wallet.gone_back(p_shard smallint, p_lot_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(-sum(p.amount), 0)::bigint
  FROM wallet.journal j
  JOIN wallet.posting p ON p.acct_date = j.acct_date AND p.shard = j.shard AND p.journal_id = j.journal_id
  JOIN wallet.account a ON a.account_id = p.account_id AND (a.gl_code LIKE '1012.%' OR a.gl_code = '2241.01')
  WHERE j.shard = p_shard AND j.regards IN (
    SELECT p_lot_id UNION
    SELECT r.journal_id FROM wallet.journal r WHERE r.shard = p_shard AND r.regards = p_lot_id AND r.kind = 'RECHARGE_REFUND')
$$;

-- Takes back from a lot what is to be refunded to the payer of its recharge: principal, and of the bonus what stands to it
-- as the rest to the rest. The money waits in 2241.01 until the provider says how it ended.
CREATE FUNCTION wallet.refund_recharge(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_recharge_key text,
  p_amount wallet.amount, p_now timestamptz, p_actor text, p_memo text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'RECHARGE_REFUND', p_key, p_sha256);
  lot    wallet.wallet_lot;
  forgone bigint;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT * INTO lot FROM wallet.wallet_lot
  WHERE shard = p_shard AND owner_id = owner AND request_key = p_recharge_key AND channel <> '';
  IF NOT FOUND OR least(lot.principal_left, lot.principal - wallet.gone_back(p_shard, lot.lot_id)) < p_amount THEN
    RETURN wallet.keep(p_shard, 'RECHARGE_REFUND', p_key, p_sha256, 'MORE_THAN_LEFT');
  END IF;
  answer := wallet.keep(p_shard, 'RECHARGE_REFUND', p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  forgone := wallet.bonus_forgone(lot.principal_left, lot.bonus_left, p_amount);
  PERFORM wallet.lower_lot(lot, answer.journal_id, p_amount, forgone);
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'RECHARGE_REFUND', p_key, wallet.reference_of(p_shard, lot.lot_id), lot.lot_id,
    p_now, p_now, p_actor, p_memo, ARRAY['2204.01', '2241.01', '2204.11', '2204.19'], ARRAY['', '', '', ''],
    ARRAY[p_amount, -p_amount, forgone, -forgone]);
  RETURN ('POSTED', answer.journal_id, p_amount, forgone, false)::wallet.answer;
END $$;

-- How much of a lot's bonus goes when this much of its principal is given back: all with all, never too little.
CREATE FUNCTION wallet.bonus_forgone(p_principal_left bigint, p_bonus_left bigint, p_amount bigint) RETURNS bigint
  LANGUAGE sql IMMUTABLE AS $$
  SELECT p_bonus_left - div(p_bonus_left * (p_principal_left - p_amount)::numeric, greatest(p_principal_left, 1))::bigint
$$;

CREATE FUNCTION wallet.lower_lot(p_lot wallet.wallet_lot, p_journal_id bigint, p_principal bigint, p_bonus bigint) RETURNS void
  LANGUAGE sql AS $$
  UPDATE wallet.wallet_lot SET principal_left = principal_left - p_principal, bonus_left = bonus_left - p_bonus
  WHERE shard = p_lot.shard AND lot_id = p_lot.lot_id AND (p_principal, p_bonus) <> (0, 0);
  INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus)
  SELECT p_lot.shard, p_journal_id, p_lot.lot_id, p_journal_id, p_principal, p_bonus WHERE (p_principal, p_bonus) <> (0, 0);
$$;

CREATE FUNCTION wallet.reference_of(p_shard smallint, p_journal_id bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT reference FROM wallet.journal WHERE journal_id = p_journal_id AND shard = p_shard
$$;

-- Ends a refund of a recharge: the provider paid it out (the money leaves the clearing account), or it failed for good (the
-- wallet gets back what was taken, to the same lot). It ends once, in one of the two ways.
CREATE FUNCTION wallet.end_refund(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_paid_out boolean,
  p_event_at timestamptz, p_now timestamptz) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  kind   text := CASE WHEN p_paid_out THEN 'REFUND_SETTLED' ELSE 'REFUND_FAILED' END;
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, kind, p_key, p_sha256);
  asked  record;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT j.journal_id, j.reference, u.lot_id, u.principal, u.bonus, l.channel
  INTO asked
  FROM wallet.request r
  JOIN wallet.journal j    ON j.shard = r.shard AND j.journal_id = r.journal_id
  JOIN wallet.lot_use u    ON u.shard = j.shard AND u.journal_id = j.journal_id
  JOIN wallet.wallet_lot l ON l.shard = u.shard AND l.lot_id = u.lot_id AND l.owner_id = owner
  WHERE r.shard = p_shard AND r.kind = 'RECHARGE_REFUND' AND r.request_key = p_key;
  IF NOT FOUND THEN
    RETURN wallet.keep(p_shard, kind, p_key, p_sha256, 'NOTHING_DUE');
  ELSIF EXISTS (SELECT FROM wallet.journal e WHERE e.shard = p_shard AND e.regards = asked.journal_id) THEN
    RETURN wallet.keep(p_shard, kind, p_key, p_sha256, 'RESOLVED_BEFORE');
  END IF;
  answer := wallet.keep(p_shard, kind, p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  IF p_paid_out THEN
    PERFORM wallet.post(p_shard, owner, answer.journal_id, kind, p_key, asked.reference, asked.journal_id, p_event_at, p_now, 'system', NULL,
      ARRAY['2241.01', wallet.clearing_code_of(asked.channel)], ARRAY['', asked.channel], ARRAY[asked.principal, -asked.principal]);
  ELSE
    UPDATE wallet.wallet_lot SET principal_left = principal_left + asked.principal, bonus_left = bonus_left + asked.bonus
    WHERE shard = p_shard AND lot_id = asked.lot_id;
    INSERT INTO wallet.lot_use (shard, journal_id, lot_id, origin, principal, bonus)
    VALUES (p_shard, answer.journal_id, asked.lot_id, asked.journal_id, -asked.principal, -asked.bonus);
    PERFORM wallet.post(p_shard, owner, answer.journal_id, kind, p_key, asked.reference, asked.journal_id, p_event_at, p_now, 'system', NULL,
      ARRAY['2241.01', '2204.01', '2204.19', '2204.11'], ARRAY['', '', '', ''],
      ARRAY[asked.principal, -asked.principal, asked.bonus, -asked.bonus]);
    PERFORM wallet.expire_given_back(p_shard, owner, answer.journal_id, p_now);
  END IF;
  RETURN ('POSTED', answer.journal_id, asked.principal, CASE WHEN p_paid_out THEN 0 ELSE asked.bonus END, false)::wallet.answer;
END $$;

-- The provider has taken back the money of a recharge. What is left of the lot goes, its bonus with it; what was spent
-- already the user owes us (1221.01). Answers as principal what the wallet still had.
CREATE FUNCTION wallet.charge_back(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_recharge_key text,
  p_amount wallet.amount, p_now timestamptz, p_actor text, p_memo text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner  bigint := wallet.lock_wallet(p_shard, p_user_id);
  answer wallet.answer := wallet.answered(p_shard, 'CHARGEBACK', p_key, p_sha256);
  lot    wallet.wallet_lot;
  taken  bigint;
  forgone bigint;
BEGIN
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  SELECT * INTO lot FROM wallet.wallet_lot
  WHERE shard = p_shard AND owner_id = owner AND request_key = p_recharge_key AND channel <> '';
  IF NOT FOUND OR lot.principal - wallet.gone_back(p_shard, lot.lot_id) < p_amount THEN
    RETURN wallet.keep(p_shard, 'CHARGEBACK', p_key, p_sha256, 'MORE_THAN_LEFT');
  END IF;
  answer := wallet.keep(p_shard, 'CHARGEBACK', p_key, p_sha256);
  IF answer.replayed THEN RETURN answer; END IF;
  taken := least(lot.principal_left, p_amount);
  forgone := CASE WHEN lot.principal_left = 0 THEN lot.bonus_left
                  ELSE wallet.bonus_forgone(lot.principal_left, lot.bonus_left, taken) END;
  IF taken < p_amount THEN PERFORM wallet.open_account(p_shard, owner, '1221.01'); END IF;
  PERFORM wallet.lower_lot(lot, answer.journal_id, taken, forgone);
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'CHARGEBACK', p_key, wallet.reference_of(p_shard, lot.lot_id), lot.lot_id,
    p_now, p_now, p_actor, p_memo,
    ARRAY['2204.01', '1221.01', wallet.clearing_code_of(lot.channel), '2204.11', '2204.19'],
    ARRAY['', '', lot.channel, '', ''],
    ARRAY[taken, p_amount - taken, -p_amount, forgone, -forgone]);
  RETURN ('POSTED', answer.journal_id, taken, forgone, false)::wallet.answer;
END $$;

-- Grants or takes what two persons have agreed on. Who grants makes a new lot; who takes draws from the lots, of one part
-- only. A debt (1221.01) is paid from the balance or written off.
CREATE FUNCTION wallet.adjust(p_shard smallint, p_user_id text, p_key text, p_sha256 bytea, p_kind text, p_amount wallet.amount,
  p_bonus_expires_at timestamptz, p_now timestamptz, p_actor text, p_memo text) RETURNS wallet.answer LANGUAGE plpgsql AS $$
DECLARE
  owner     bigint := wallet.open_wallet(p_shard, p_user_id);
  answer    wallet.answer;
  principal bigint := CASE WHEN p_kind IN ('GRANT_PRINCIPAL', 'TAKE_PRINCIPAL', 'PAY_DEBT') THEN p_amount ELSE 0 END;
  bonus     bigint := CASE WHEN p_kind IN ('GRANT_BONUS', 'TAKE_BONUS') THEN p_amount ELSE 0 END;
  granted   boolean := p_kind LIKE 'GRANT%';
  part      record;
  codes     text[];
BEGIN
  PERFORM wallet.lock_wallet(p_shard, p_user_id);
  answer := wallet.answered(p_shard, 'ADJUSTMENT', p_key, p_sha256);
  IF answer.outcome IS NOT NULL THEN RETURN answer; END IF;
  IF p_kind IN ('PAY_DEBT', 'WRITE_OFF_DEBT')
     AND coalesce((SELECT debit - credit FROM wallet.account_balance
                   WHERE shard = p_shard AND owner_id = owner AND gl_code = '1221.01'), 0) < p_amount THEN
    RETURN wallet.keep(p_shard, 'ADJUSTMENT', p_key, p_sha256, 'NOTHING_DUE');
  END IF;
  answer := ('POSTED', nextval('wallet.journal_id'), principal, bonus, false);
  IF granted THEN
    INSERT INTO wallet.wallet_lot
      (shard, lot_id, owner_id, request_key, channel, principal, bonus, principal_left, bonus_left, expires_at)
    VALUES (p_shard, answer.journal_id, owner, p_key, '', principal, bonus, principal, bonus, coalesce(p_bonus_expires_at, 'infinity'));
  ELSIF p_kind <> 'WRITE_OFF_DEBT' THEN
    SELECT * INTO part FROM wallet.take(p_shard, owner, answer.journal_id, p_amount,
      CASE WHEN bonus > 0 THEN 'BONUS_ONLY' ELSE 'PRINCIPAL_ONLY' END, p_now, false);
    IF part.principal IS NULL THEN RETURN wallet.keep(p_shard, 'ADJUSTMENT', p_key, p_sha256, 'INSUFFICIENT_BALANCE'); END IF;
  END IF;
  INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
  VALUES (p_shard, 'ADJUSTMENT', p_key, p_sha256, answer.journal_id);
  codes := CASE p_kind WHEN 'GRANT_PRINCIPAL' THEN ARRAY['6601.01', '2204.01'] WHEN 'TAKE_PRINCIPAL' THEN ARRAY['2204.01', '6601.01']
                       WHEN 'GRANT_BONUS'     THEN ARRAY['2204.19', '2204.11'] WHEN 'TAKE_BONUS'     THEN ARRAY['2204.11', '2204.19']
                       WHEN 'PAY_DEBT'        THEN ARRAY['2204.01', '1221.01'] WHEN 'WRITE_OFF_DEBT' THEN ARRAY['6601.01', '1221.01'] END;
  PERFORM wallet.post(p_shard, owner, answer.journal_id, 'ADJUSTMENT', p_key, p_key, NULL, p_now, p_now, p_actor, p_memo,
    codes, ARRAY['', ''], ARRAY[p_amount, -p_amount]);
  RETURN answer;
END $$;
