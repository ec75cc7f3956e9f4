package io.tallyhook.admin;

import io.tallyhook.payment.asking.PayingTime;
import io.tallyhook.payment.asking.PayingTimes;
import io.tallyhook.payment.asking.UsualTraffic;
import io.tallyhook.payment.asking.UsualTraffic.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** What was learned of each provider account, on which asking and the alarm of silence rest. */
@Component
class LearnedAccounts {

    private final UsualTraffic traffic;
    private final PayingTimes times;

    LearnedAccounts(UsualTraffic traffic, PayingTimes times) {
        this.traffic = traffic;
        this.times = times;
    }

    /**
     * One account.
     *
     * @param rate how many of its payments were told as paid; nothing if none were opened lately
     * @param times when the first question is due, by method; empty while that is not learned
     */
    record Learned(String provider, String account, Optional<Rate> rate, List<PayingTime> times) {}

    List<Learned> all() {
        var accounts = new TreeMap<String, Learned>();
        for (var rate : traffic.rates()) {
            accounts.put(
                    key(rate.provider(), rate.account()),
                    new Learned(rate.provider(), rate.account(), Optional.of(rate), new ArrayList<>()));
        }
        for (var time : times.learned()) {
            accounts.computeIfAbsent(
                            key(time.provider(), time.account()),
                            any -> new Learned(time.provider(), time.account(), Optional.empty(), new ArrayList<>()))
                    .times()
                    .add(time);
        }
        return List.copyOf(accounts.values());
    }

    private static String key(String provider, String account) {
        return provider + "/" + account;
    }
}
