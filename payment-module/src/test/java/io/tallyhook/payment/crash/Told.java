package io.tallyhook.payment.crash;

/** The provider tells of a payment until it is acknowledged; what was acknowledged must be booked, then and there. */
final class Told {

    private final Ground ground;
    private final String outTradeNo;
    private boolean heard;

    Told(Ground ground, String outTradeNo) {
        this.ground = ground;
        this.outTradeNo = outTradeNo;
    }

    void once() {
        if (ground.post().brings(ground.paid(outTradeNo, Ground.FEN))) {
            heard = true;
            if (!ground.isPaid(outTradeNo)) {
                throw new AssertionError("Acknowledged and not booked: " + outTradeNo);
            }
        }
    }

    void untilAcknowledged() {
        if (!heard) {
            once();
        }
    }

    boolean wasHeard() {
        return heard;
    }
}
