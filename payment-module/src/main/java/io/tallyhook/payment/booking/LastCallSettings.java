package io.tallyhook.payment.booking;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param lasts how long callers still hear that we are stopping; so long does a stop take in any case */
@ConfigurationProperties("tallyhook.last-call")
record LastCallSettings(@DefaultValue("1s") Duration lasts) {}
