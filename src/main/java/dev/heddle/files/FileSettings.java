package dev.heddle.files;

import java.nio.file.Path;
import java.time.Duration;

import dev.heddle.images.Picture;
import dev.heddle.settings.Page;

/// How large files and their pictures may be, how many are taken in at once and for how long at the most, and the folder
/// in which they wait until they are complete.
public record FileSettings(int mostBytes, int mostPixels, int uploadsAtOnce, Duration longestUpload, Path folder) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public static FileSettings read(Page page) {
        String folder = page.text("folder", "");
        return new FileSettings(page.bytes("max-size", 16 * MIB, KIB, 64 * MIB),
                page.integer("max-pixels", 25_000_000, 1, 200_000_000),
                page.integer("uploads-at-once", 100, 1, 10_000),
                page.duration("longest-upload", Duration.ofMinutes(5), Duration.ofMillis(1), Duration.ofHours(24)),
                Path.of(folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder));
    }

    /// How many pictures can be worked on at once by `threads` threads so that at their worst they take half of the heap;
    /// at least 1.
    int picturesAtOnce(int threads) {
        long most = Runtime.getRuntime().maxMemory() / 2 / ((long) mostPixels * Picture.MOST_BYTES_PER_PIXEL);
        return Math.clamp(most, 1, threads);
    }
}
