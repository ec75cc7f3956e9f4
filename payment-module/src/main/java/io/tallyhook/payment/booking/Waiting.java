package io.tallyhook.payment.booking;

import java.util.concurrent.CompletableFuture;

/** A fact in the intake, and where its answer goes. */
record Waiting(Booking booking, Object attachment, Intake.Alongside alongside, CompletableFuture<Decision> answer) {}
