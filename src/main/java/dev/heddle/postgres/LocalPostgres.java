package dev.heddle.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.heddle.settings.CannotStart;

/// A real PostgreSQL of one's own, which keeps its data in a folder and outlives a crash of this process.
///
/// It listens on 127.0.0.1 only, on the port that it had before or a
/// free one, in a session of its own, so that the Ctrl-C of a terminal does not
/// reach it. If this process is killed, it runs on, and the next [#start] takes it over. Nothing here ever deletes data.
public final class LocalPostgres implements AutoCloseable {
    private final FolderLock lock;
    private final Binaries binaries;
    private final Cluster cluster;
    private final Postmaster postmaster;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalPostgres(FolderLock lock, Binaries binaries) throws IOException, InterruptedException {
        this.lock = lock;
        this.binaries = binaries;
        this.cluster = Cluster.openOrMake(lock.folder().resolve("pg"), binaries);
        Optional<Postmaster> left = Postmaster.adopt(cluster, binaries);
        this.postmaster = left.isPresent() ? left.get() : Postmaster.start(cluster, binaries);
    }

    /// Starts PostgreSQL on the folder `data`, or takes over the one that a killed process left running on it.
    ///
    /// Takes about 0.2 s, and some 3 s the first time, when programs and data are made. May be called on any thread.
    ///
    /// @throws CannotStart if another server uses `data`, it cannot be written, its data are of another major version
    ///         of PostgreSQL, or PostgreSQL does not start
    public static LocalPostgres start(Path data) {
        return start(data, data);
    }

    /// As [#start(Path)], with the programs unpacked below `programs`, which several data folders may share.
    public static LocalPostgres start(Path data, Path programs) {
        FolderLock lock = FolderLock.take(data);
        LocalPostgres started = null;
        try {
            started = new LocalPostgres(lock, Binaries.unpackedIn(programs));
            return started;
        } catch (IOException e) {
            throw new CannotStart("PostgreSQL cannot start on the data folder " + data + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotStart("the start of PostgreSQL was interrupted", e);
        } finally {
            if (started == null) {
                lock.close();
            }
        }
    }

    /// Where to connect, user and password included: not to be printed.
    public String jdbcUrl() {
        return jdbcUrl("postgres");
    }

    /// As [#jdbcUrl()], for the database of that name.
    public String jdbcUrl(String database) {
        return cluster.jdbcUrl(postmaster.port(), database);
    }

    /// Stops PostgreSQL, which gives running transactions up, and lets go of the folder. Does nothing the second time.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (lock) {
            postmaster.stop(cluster, binaries);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return postmaster.process().pid();
    }
}
