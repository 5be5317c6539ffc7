package dev.heddle.forms;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

import dev.heddle.web.Failure;

import org.jspecify.annotations.Nullable;

/// One part of a form: its name, the name of the file that it is, if it is one, and its bytes, which can be read once
/// and only until the next part is asked for. Used by one thread.
public final class Part {
    private final Disposition disposition;
    private final InputStream content;

    private Part(Disposition disposition, InputStream content) {
        this.disposition = disposition;
        this.content = content;
    }

    static Part read(Window window) throws IOException {
        return new Part(PartHeaders.read(window), new Content(window));
    }

    /// What a part says of itself.
    record Disposition(String name, @Nullable String fileName) {}

    public String name() {
        return disposition.name;
    }

    /// What the caller calls the file; a claim and nothing more, so it must never lead to a place on a disk.
    public Optional<String> fileName() {
        return Optional.ofNullable(disposition.fileName);
    }

    public InputStream content() {
        return content;
    }

    /// The content as text, UTF-8, of at most `most` bytes.
    ///
    /// @throws Failure if it is longer, or not UTF-8
    public String text(int most) throws IOException {
        byte[] bytes = content.readNBytes(most + 1);
        if (bytes.length > most) {
            throw Failure.of(Failure.Kind.TOO_LARGE, "the part " + name() + " has more than " + most + " bytes");
        }
        return utf8(bytes);
    }

    static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw Failure.unreadable("the form holds text that is not UTF-8");
        }
    }

    private static final class Content extends InputStream {
        private final Window window;
        private boolean isAtEnd;

        Content(Window window) {
            this.window = window;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (isAtEnd) {
                return -1;
            }
            if (length == 0) {
                return 0;
            }
            int count = window.take(bytes, offset, length);
            isAtEnd = count < 0;
            return count;
        }
    }
}
