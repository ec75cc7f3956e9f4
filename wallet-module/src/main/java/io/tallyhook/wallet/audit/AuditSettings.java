package io.tallyhook.wallet.audit;

import java.time.Duration;
import java.time.LocalTime;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When the ledger's jobs run, and their bounds.
 *
 * @param jobs whether this instance takes part in them; one that does must run somewhere
 * @param rollUpEvery how long the tail may grow that every balance of a platform account adds up
 * @param sealEvery how long a booking stays unsealed: until then a change by a superuser leaves no trace in the chain
 * @param sealAtMost bookings in one block; more would hold one statement too long
 * @param expiryEvery how late a bonus expires; nobody can spend it meanwhile
 * @param timeOutEvery how late a hold is released
 * @param dueBatch how many due lots or holds are read at a time
 * @param proveEvery how long a violation can go on before the shard is stopped
 * @param proveWithin how long a check of what was moved may take, so that a caller is not left waiting
 * @param fullProofAt when everything is checked, in Beijing time: the quietest hour
 * @param closeEvery how soon a month is closed after the last posting that could still have entered it
 * @param logHeadEvery how often the log names the head of the chain, so that it is kept outside of the database too
 */
@ConfigurationProperties("tallyhook.ledger")
record AuditSettings(
        @DefaultValue("true") boolean jobs,
        @DefaultValue("10s") Duration rollUpEvery,
        @DefaultValue("5s") Duration sealEvery,
        @DefaultValue("20000") int sealAtMost,
        @DefaultValue("1m") Duration expiryEvery,
        @DefaultValue("1m") Duration timeOutEvery,
        @DefaultValue("200") int dueBatch,
        @DefaultValue("5m") Duration proveEvery,
        @DefaultValue("1m") Duration proveWithin,
        @DefaultValue("03:10") LocalTime fullProofAt,
        @DefaultValue("10s") Duration closeEvery,
        @DefaultValue("1h") Duration logHeadEvery) {}
