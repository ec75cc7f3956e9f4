package io.tallyhook.sandbox.simulator;

import java.util.Map;

/**
 * A callback ready for the wire.
 *
 * @param chunked whether its length is kept from the receiver
 */
record SignedRequest(Map<String, String> headers, byte[] body, boolean chunked) {}
