package io.tallyhook.membership;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Reads purchases for people and programs. */
interface PurchaseRows extends Repository<PurchaseRow, String> {

    /** What a purchase's number looks like; nothing else is asked of the database. */
    Pattern NUMBER = Pattern.compile("M[0-9A-Z]{26}");

    Optional<PurchaseRow> findByPurchaseNo(String purchaseNo);

    /** Newest first: the number of a purchase sorts by time. */
    @Query("""
            SELECT p FROM PurchaseRow p
            WHERE (:state    IS NULL OR p.state = :state)
              AND (:userId   IS NULL OR p.userId = :userId)
              AND (:planCode IS NULL OR p.planCode = :planCode)
              AND (:before   IS NULL OR p.purchaseNo < :before)
            ORDER BY p.purchaseNo DESC
            """)
    List<PurchaseRow> newest(
            @Nullable PurchaseState state,
            @Nullable String userId,
            @Nullable String planCode,
            @Nullable String before,
            Limit limit);

    default Optional<Purchase> find(String purchaseNo) {
        return NUMBER.matcher(purchaseNo).matches()
                ? findByPurchaseNo(purchaseNo).map(PurchaseRow::purchase)
                : Optional.empty();
    }

    default Page<Purchase> search(PurchaseFilter filter, Paging paging) {
        if (paging.cursor() != null && !NUMBER.matcher(paging.cursor()).matches()) {
            throw Refusal.badField("cursor", "must be the nextCursor of the page before");
        }
        var rows = newest(
                filter.state(), filter.userId(), filter.planCode(), paging.cursor(), Limit.of(paging.limit() + 1));
        return Page.of(rows.stream().map(PurchaseRow::purchase).toList(), paging.limit(), Purchase::purchaseNo);
    }
}
