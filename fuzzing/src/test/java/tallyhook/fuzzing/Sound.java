package tallyhook.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.provider.Fact;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What holds of every fact that came out of foreign bytes: it can be stored, compared and calculated with. */
public final class Sound {

    private static final long LARGEST = 1_000_000_000_000_000L;

    private Sound() {}

    public static void fact(Fact fact) {
        word(fact.outTradeNo());
        fact.claim().parties().values().forEach(Sound::word);
        switch (fact) {
            case Fact.Paid paid -> {
                word(paid.providerTransactionId());
                amount(paid.amount());
                time(paid.paidAt());
            }
            case Fact.Refunded refunded -> {
                word(refunded.providerTransactionId());
                word(refunded.refundNo());
                word(refunded.providerRefundId());
                amount(refunded.amount());
                amount(refunded.refundedInAll());
                amount(refunded.total());
                time(refunded.at());
            }
            case Fact.Closed closed -> assertThat(closed.outTradeNo()).isNotBlank();
            case Fact.Unchanged unchanged -> word(unchanged.state());
        }
    }

    private static void word(@Nullable String word) {
        if (word != null) {
            assertThat(word).matches("[ -~]{1,128}");
        }
    }

    private static void amount(@Nullable Money amount) {
        if (amount != null) {
            assertThat(amount.minorUnits()).isBetween(-LARGEST, LARGEST);
        }
    }

    private static void time(@Nullable Instant time) {
        if (time != null) {
            assertThat(time).isBetween(Instant.parse("2010-01-01T00:00:00Z"), Instant.parse("2200-01-01T00:00:00Z"));
        }
    }
}
