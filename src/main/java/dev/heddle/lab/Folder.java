package dev.heddle.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.FieldError;

/// A folder whose text files anybody may read, and nothing outside of it.
final class Folder {
    private static final int MOST_BYTES = 1024 * 1024;

    private final Path root;

    /// `root` need not exist.
    Folder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /// The text of the file `name`, which is a path relative to the folder.
    ///
    /// @throws Failure if the name leads out of the folder; if there is no such file that may be read, or only by a link that
    ///                 leads out; if it has over 1 MiB or is not UTF-8
    String read(String name) {
        byte[] bytes = bytes(inside(name));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw refused("is no text in UTF-8", "not_text");
        }
    }

    private Path inside(String name) {
        try {
            Path path = root.resolve(name).normalize();
            if (!path.startsWith(root) || path.equals(root)) {
                throw refused("must name a file in the folder", "outside");
            }
            return path;
        } catch (InvalidPathException _) {
            throw refused("must name a file in the folder", "outside");
        }
    }

    private byte[] bytes(Path path) {
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(root.toRealPath()) || !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                throw unknown();
            }
            // Should the file become a link between the look and the opening, then it is not opened.
            try (InputStream in = Channels.newInputStream(
                    Files.newByteChannel(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
                return limited(in.readNBytes(MOST_BYTES + 1));
            }
        } catch (FileSystemException _) {
            throw unknown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] limited(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw Failure.of(Kind.TOO_LARGE, "the file has more than " + MOST_BYTES + " bytes");
        }
        return bytes;
    }

    private static Failure unknown() {
        return Failure.notFound("there is no such file in the folder");
    }

    private static Failure refused(String message, String type) {
        return Failure.invalid(new FieldError(List.of("query", "name"), message, type));
    }
}
