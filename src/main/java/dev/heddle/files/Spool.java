package dev.heddle.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

import dev.heddle.web.Failure;

/// A file without a name, in which bytes wait on the disk instead of in memory. It is gone when it is closed, and with the
/// process, however that ends: where POSIX reigns the JDK takes its name away as soon as it is open. Used by one thread.
final class Spool implements AutoCloseable {
    private static final int PIECE_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final int most;

    private Spool(FileChannel channel, int most) {
        this.channel = channel;
        this.most = most;
    }

    /// Opens an empty one in `folder` that takes at most `most` bytes.
    static Spool open(Path folder, int most) throws IOException {
        Files.createDirectories(folder);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        return new Spool(FileChannel.open(folder.resolve("heddle-" + UUID.randomUUID()), options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))), most);
    }

    /// Takes all that `in` has.
    ///
    /// @throws Failure if that is too much
    void fill(InputStream in) throws IOException {
        var piece = new byte[PIECE_BYTES];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            write(piece, 0, count);
        }
    }

    /// What takes bytes on their way in.
    ///
    /// @throws Failure from its writes, if they are too many
    OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[]{(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Spool.this.write(bytes, offset, length);
            }
        };
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        if (channel.position() + length > most) {
            throw Failure.of(Failure.Kind.TOO_LARGE, "a file has at most " + most + " bytes here");
        }
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// `length` bytes from the one at `from` on, or as many as there are.
    byte[] read(long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.min(length, length() - from));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("a spooled file became shorter");
            }
        }
        return bytes.array();
    }

    int length() throws IOException {
        return (int) channel.size();
    }

    /// All of it, to be read from any place.
    FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
