package dev.heddle.formats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// Walks from chunk to chunk through a PNG file (W3C, Portable Network Graphics, section 11). Used once.
///
/// Only the chunks that make the pixels are kept: the JDK's decoder inflates texts and colour profiles without a bound
/// where there is a palette.
final class PngWalk {
    private static final int SIGNATURE_BYTES = 8;
    private static final int HEADER_BYTES = 13;
    private static final int PALETTE = 3;
    /// Which depths each kind of colour may have (table 11.1).
    private static final Map<Integer, Set<Integer>> DEPTHS = Map.of(0, Set.of(1, 2, 4, 8, 16), 2, Set.of(8, 16),
            PALETTE, Set.of(1, 2, 4, 8), 4, Set.of(8, 16), 6, Set.of(8, 16));

    private final Bytes bytes;
    private final Segment.Kept kept = new Segment.Kept();
    private @Nullable Dimensions size;
    private boolean needsPalette;
    private boolean hasPalette;
    private boolean hasPixels;
    private boolean isAtEnd;

    PngWalk(Bytes bytes) {
        this.bytes = bytes;
    }

    Head head() throws IOException {
        bytes.skip(SIGNATURE_BYTES);
        kept.keep(0, SIGNATURE_BYTES);
        while (!isAtEnd) {
            chunk();
        }
        if (size == null || !hasPixels) {
            throw Head.refused("holds no pixels");
        }
        return new Head(Format.PNG, size, Orientation.UPRIGHT, kept.all());
    }

    private void chunk() throws IOException {
        long from = bytes.position();
        long length = bytes.u32();
        String name = new String(bytes.take(4), StandardCharsets.ISO_8859_1);
        if ((size == null) != name.equals("IHDR")) {
            throw Head.refused("is no PNG inside");
        }
        long end = bytes.position() + length + 4;
        if (look(name, length)) {
            kept.keep(from, end);
        }
        bytes.skip(end - bytes.position());
    }

    /// Looks into a chunk, and says whether a decoder needs it.
    private boolean look(String name, long length) throws IOException {
        switch (name) {
            case "IHDR" -> header(length);
            case "PLTE" -> palette(length);
            case "tRNS" -> {
                return !hasPixels;
            }
            case "IDAT" -> pixels();
            case "IEND" -> isAtEnd = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void header(long length) throws IOException {
        if (length != HEADER_BYTES) {
            throw Head.refused("is no PNG inside");
        }
        long width = bytes.u32();
        size = Head.size(width, bytes.u32());
        int depth = bytes.u8();
        int colour = bytes.u8();
        if (!DEPTHS.getOrDefault(colour, Set.of()).contains(depth)) {
            throw Head.refused("has colours that no PNG has");
        }
        needsPalette = colour == PALETTE;
    }

    private void palette(long length) {
        if (hasPalette || hasPixels || length == 0 || length > 3 * 256 || length % 3 != 0) {
            throw Head.refused("has a palette that is none");
        }
        hasPalette = true;
    }

    private void pixels() {
        if (needsPalette && !hasPalette) {
            throw Head.refused("lacks its palette");
        }
        hasPixels = true;
    }
}
