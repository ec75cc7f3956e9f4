package io.tallyhook.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Processor time used so far by the database server and by this process, each with its children, the ended ones too. It is
 * what a booking costs, whoever else uses the machine.
 *
 * @param server in hundredths of a second
 * @param client in hundredths of a second
 */
record CpuTime(long server, long client) {

    CpuTime since(CpuTime before) {
        return new CpuTime(server - before.server, client - before.client);
    }

    /** Reads Linux's account of processes; there is none where the server runs elsewhere. */
    record Meter(long postmaster) {

        static Optional<Meter> of(JdbcClient jdbc) {
            long backend = jdbc.sql("SELECT pg_backend_pid()").query(Long.class).single();
            return read(backend)
                    .filter(text -> text.contains("(postgres)"))
                    .flatMap(text -> ProcessHandle.of(backend).flatMap(ProcessHandle::parent))
                    .map(postmaster -> new Meter(postmaster.pid()));
        }

        CpuTime now() {
            var backends =
                    ProcessHandle.of(postmaster).map(ProcessHandle::children).orElse(Stream.empty());
            long server = total(postmaster)
                    + backends.mapToLong(backend -> total(backend.pid())).sum();
            return new CpuTime(server, total(ProcessHandle.current().pid()));
        }

        /** User and system time, its own and that of its ended children: the fields 14 to 17 of proc(5). */
        static long total(long pid) {
            return read(pid)
                    .map(text -> text.substring(text.lastIndexOf(')') + 2).split(" "))
                    .map(fields -> Stream.of(fields)
                            .skip(11)
                            .limit(4)
                            .mapToLong(Long::parseLong)
                            .sum())
                    .orElse(0L);
        }

        private static Optional<String> read(long pid) {
            try {
                return Optional.of(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
            } catch (IOException e) {
                // It ended between being listed and being read; its parent has its time now.
                return Optional.empty();
            }
        }
    }
}
