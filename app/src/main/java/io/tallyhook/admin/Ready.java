package io.tallyhook.admin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells whoever has started the application where to go. */
@Component
class Ready {

    private static final Logger log = LoggerFactory.getLogger(Ready.class);

    private final Environment environment;
    private final boolean sandbox;

    Ready(Environment environment, @Value("${tallyhook.sandbox.enabled:false}") boolean sandbox) {
        this.environment = environment;
        this.sandbox = sandbox;
    }

    @EventListener(ApplicationReadyEvent.class)
    void tell() {
        var here = "http://localhost:" + environment.getProperty("local.server.port", "8080");
        log.info("Tallyhook is ready. Admin pages: {}/admin", here);
        if (sandbox) {
            log.info("To try it out, buy something with play money: {}/shop", here);
        }
    }
}
