package dev.heddle.formats;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

/// What the file of a picture says before its pixels. `stored` is how large its pixels lie in the file; `segments` are
/// the parts of the file that a decoder needs, without notes, comments and everything else that it might choke on.
public record Head(Format format, Dimensions stored, Orientation orientation, List<Segment> segments) {
    public Head {
        segments = List.copyOf(segments);
    }

    /// Walks through `file`, whatever it claims to be, in constant memory.
    ///
    /// @throws Failure if it is no picture that is read here, contradicts itself, is cut, or has over `mostPixels` pixels
    public static Head read(FileChannel file, long mostPixels) throws IOException {
        var bytes = new Bytes(file);
        byte[] start = bytes.take((int) Math.min(Format.TELLING_BYTES, file.size()));
        var walked = new Bytes(file);
        Head head = switch (Format.of(start)) {
            case JPEG -> new JpegWalk(walked).head();
            case PNG -> new PngWalk(walked).head();
            case GIF -> new GifWalk(walked).head();
        };
        if (head.stored.pixels() > mostPixels) {
            throw refused("has more than " + mostPixels + " pixels");
        }
        return head;
    }

    /// How large the picture is when it is looked at.
    public Dimensions size() {
        return orientation.applied(stored);
    }

    /// `says` is what the picture does wrong, such as `is cut`.
    static Failure refused(String says) {
        return Failure.invalid(new FieldError(List.of("body", "file"), says, "picture"));
    }

    static Dimensions size(long width, long height) {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw refused("says that it is " + width + " x " + height + " pixels large");
        }
        return new Dimensions((int) width, (int) height);
    }
}
