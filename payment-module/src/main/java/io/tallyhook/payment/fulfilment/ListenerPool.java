package io.tallyhook.payment.fulfilment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * The threads that listeners run on: few, with a bounded queue. When it is full an event is dropped, which is safe: the
 * payments in it stay due and the sweep hands them out again.
 */
@Component
class ListenerPool implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ListenerPool.class);

    private final ThreadPoolTaskExecutor threads = new ThreadPoolTaskExecutor();

    ListenerPool(FulfilmentSettings settings, MeterRegistry metrics) {
        Counter dropped = Counter.builder("tallyhook.listener.dropped")
                .description("Events dropped because the listeners' queue was full; the sweep brings them back")
                .register(metrics);
        threads.setThreadNamePrefix("listener-");
        threads.setCorePoolSize(settings.listenerThreads());
        threads.setMaxPoolSize(settings.listenerThreads());
        threads.setQueueCapacity(settings.listenerQueue());
        threads.setWaitForTasksToCompleteOnShutdown(true);
        threads.setAwaitTerminationSeconds(20);
        threads.setRejectedExecutionHandler((task, pool) -> {
            dropped.increment();
            log.debug("The listeners' queue is full; the sweep will bring this event back");
        });
        threads.initialize();
    }

    /** Whether a sweep should hand out more, or would only fill the queue. */
    boolean hasRoom() {
        return threads.getThreadPoolExecutor().getQueue().remainingCapacity() > 0;
    }

    Executor threads() {
        return threads;
    }

    @Override
    public void destroy() {
        threads.shutdown();
    }
}
