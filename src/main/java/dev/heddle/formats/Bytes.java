package dev.heddle.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of a file, walked from the first to the last. Whoever asks for one behind the end is told that the picture
/// is cut. Used by one thread.
final class Bytes {
    private static final int WINDOW_BYTES = 16 * 1024;

    private final FileChannel file;
    private final long length;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private long windowEnd;

    Bytes(FileChannel file) throws IOException {
        this.file = file;
        this.length = file.size();
    }

    long position() {
        return windowEnd - window.remaining();
    }

    boolean isAtEnd() {
        return position() == length;
    }

    /// One byte.
    int u8() throws IOException {
        if (!window.hasRemaining()) {
            fill();
        }
        return window.get() & 0xff;
    }

    /// Two bytes, the higher one first.
    int u16() throws IOException {
        return u8() << 8 | u8();
    }

    /// Two bytes, the lower one first.
    int u16LowFirst() throws IOException {
        return u8() | u8() << 8;
    }

    /// Four bytes, the highest one first.
    long u32() throws IOException {
        return (long) u16() << 16 | u16();
    }

    byte[] take(int count) throws IOException {
        if (count > length - position()) {
            throw cut();
        }
        var taken = new byte[count];
        for (int i = 0; i < count; i++) {
            taken[i] = (byte) u8();
        }
        return taken;
    }

    void skip(long count) throws IOException {
        if (count > length - position()) {
            throw cut();
        }
        if (count <= window.remaining()) {
            window.position(window.position() + (int) count);
        } else {
            windowEnd = position() + count;
            window.limit(0);
        }
    }

    private void fill() throws IOException {
        window.clear();
        int count = file.read(window, windowEnd);
        window.flip();
        if (count <= 0) {
            throw cut();
        }
        windowEnd += count;
    }

    private static RuntimeException cut() {
        return Head.refused("is cut");
    }
}
