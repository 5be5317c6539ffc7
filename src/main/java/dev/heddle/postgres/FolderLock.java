package dev.heddle.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.heddle.settings.CannotStart;

import org.jspecify.annotations.Nullable;

/// The data folder belongs to this process while the lock is held; the operating system ends it with the process.
final class FolderLock implements AutoCloseable {
    // Closing any channel on a file drops all of this process's locks on it (POSIX fcntl), so a second
    // attempt from within the process must be refused before it opens the file.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /// @throws CannotStart if another server holds `folder`, or it cannot be written
    static FolderLock take(Path folder) {
        try {
            Path real = Files.createDirectories(folder).toRealPath();
            if (!HELD.add(real)) {
                throw taken(folder);
            }
            return open(real);
        } catch (IOException e) {
            throw new CannotStart("the data folder " + folder + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static FolderLock open(Path folder) throws IOException {
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(folder.resolve("heddle.lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            lock = channel.tryLock();
        } finally {
            if (lock == null) {
                release(folder, channel);
            }
        }
        if (lock == null) {
            throw taken(folder);
        }
        return new FolderLock(folder, channel);
    }

    private static CannotStart taken(Path folder) {
        return new CannotStart("another Heddle already uses the data folder " + folder);
    }

    private static void release(Path folder, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(folder);
        }
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            release(folder, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
