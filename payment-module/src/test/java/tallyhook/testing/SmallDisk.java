package tallyhook.testing;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A disk of a few megabytes, in memory: to be full soon. Only root may have one. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** A test that cannot have one is not run, and says so. */
    public static SmallDisk ofMegabytes(int size) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("small-disk");
        assumeThat(run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size + "m", "tmpfs", folder.toString()))
                .as("NOT TESTED: what happens when the disk is full, since no disk may be mounted here")
                .isTrue();
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(command)).inheritIO().start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.delete(folder);
    }
}
