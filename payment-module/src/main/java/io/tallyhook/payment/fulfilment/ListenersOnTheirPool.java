package io.tallyhook.payment.fulfilment;

import java.util.concurrent.Executor;
import org.springframework.scheduling.annotation.AsyncConfigurer;
import org.springframework.stereotype.Component;

/** Makes {@code @ApplicationModuleListener} methods run on the {@link ListenerPool}. */
@Component
class ListenersOnTheirPool implements AsyncConfigurer {

    private final ListenerPool pool;

    ListenersOnTheirPool(ListenerPool pool) {
        this.pool = pool;
    }

    @Override
    public Executor getAsyncExecutor() {
        return pool.threads();
    }
}
