package io.tallyhook.benchmarks;

import java.io.PrintStream;

/** Something that is measured, and checked while it is measured: a fast wrong answer is no answer. */
interface Benchmark {

    String name();

    /** What it measures, in a few words. */
    String purpose();

    /** Measures and prints. Answers whether everything that was done was also right. */
    boolean run(Effort effort, PrintStream out);
}
