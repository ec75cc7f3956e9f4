package io.tallyhook;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Starts Tallyhook: one application made of the modules below this package. */
@SpringBootApplication
@Modulithic(systemName = "Tallyhook")
public class TallyhookApplication {

    public static void main(String[] args) {
        SpringApplication.run(TallyhookApplication.class, args);
    }
}
