package dev.heddle.images;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;

import dev.heddle.formats.Dimensions;
import dev.heddle.formats.Format;
import dev.heddle.formats.Head;
import dev.heddle.formats.Orientation;

import net.coobird.thumbnailator.Thumbnails;

/// The pixels of a picture, and the format that it will be written in. It knows nothing else of the file that it comes
/// from, so that no note in there, such as where it was taken, gets into what is made of it. Immutable.
///
/// Decoding takes up to 8 bytes a pixel (a PNG of 16 bits a colour), each step from there up to 4 for each pixel of
/// what comes out.
public final class Picture {
    /// How many bytes a pixel takes at the worst while a picture is worked on: what was decoded, and what is made of it.
    public static final int MOST_BYTES_PER_PIXEL = 12;

    private final BufferedImage pixels;
    private final Format format;

    private Picture(BufferedImage pixels, Format format) {
        this.pixels = pixels;
        this.format = format;
    }

    /// The picture in `file`, of which `head` is what [Head#read] found, turned as it is to be seen. An interrupt ends
    /// it early. What was a GIF will be a PNG, which keeps all colours that come about.
    ///
    /// @throws dev.heddle.web.Failure if the pixels cannot be decoded
    public static Picture decode(FileChannel file, Head head) throws IOException {
        BufferedImage plain = plain(Codecs.decode(new SegmentInput(file, head.segments()), head));
        Orientation orientation = head.orientation();
        var picture = new Picture(plain, head.format() == Format.GIF ? Format.PNG : head.format());
        return orientation.equals(Orientation.UPRIGHT) ? picture : picture.moved(orientation);
    }

    public Format format() {
        return format;
    }

    public Dimensions size() {
        return new Dimensions(pixels.getWidth(), pixels.getHeight());
    }

    /// What `operation` makes of it.
    public Picture after(Operation operation) throws IOException {
        Dimensions size = operation.after(size());
        return switch (operation) {
            case Operation.Rotate turn when turn.isQuarterTurns() ->
                turn.quarterTurns() == 0 ? this : moved(new Orientation(false, turn.quarterTurns()));
            case Operation.Rotate(int degrees) -> turned(degrees, size);
            case Operation.Resize _,Operation.Thumbnail _ -> size.equals(size()) ? this : scaled(size);
        };
    }

    /// Writes it in its format, without any note. An interrupt ends it early.
    public void encode(OutputStream out) throws IOException {
        Codecs.encode(pixels, format, out);
    }

    private Picture scaled(Dimensions size) throws IOException {
        return with(Thumbnails.of(pixels).forceSize(size.width(), size.height()).asBufferedImage());
    }

    /// Moves each pixel to its place and changes none: mirrors left to right, if it shall, then turns clockwise. By hand,
    /// because Java 2D loses bits of colours that are nearly transparent.
    private Picture moved(Orientation how) {
        int width = pixels.getWidth();
        int height = pixels.getHeight();
        BufferedImage canvas = canvas(how.applied(size()), pixels.getColorModel().hasAlpha());
        boolean isBackwards = how.isMirrored() != how.quarterTurns() > 1;
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            pixels.getRGB(0, y, width, 1, row, 0, width);
            if (isBackwards) {
                reverse(row);
            }
            switch (how.quarterTurns()) {
                case 0 -> canvas.getRaster().setDataElements(0, y, width, 1, row);
                case 1 -> canvas.getRaster().setDataElements(height - 1 - y, 0, 1, width, row);
                case 2 -> canvas.getRaster().setDataElements(0, height - 1 - y, width, 1, row);
                default -> canvas.getRaster().setDataElements(y, 0, 1, width, row);
            }
        }
        return with(canvas);
    }

    private static void reverse(int[] row) {
        for (int i = 0; i < row.length / 2; i++) {
            int other = row.length - 1 - i;
            int pixel = row[i];
            row[i] = row[other];
            row[other] = pixel;
        }
    }

    private Picture turned(int degrees, Dimensions size) {
        boolean isTransparent = format != Format.JPEG;
        BufferedImage canvas = canvas(size, isTransparent);
        if (!isTransparent) {
            Graphics2D ground = canvas.createGraphics();
            ground.setColor(Color.WHITE);
            ground.fillRect(0, 0, size.width(), size.height());
            ground.dispose();
        }
        var move = new AffineTransform();
        move.translate(size.width() / 2.0, size.height() / 2.0);
        move.rotate(Math.toRadians(degrees));
        move.translate(-pixels.getWidth() / 2.0, -pixels.getHeight() / 2.0);
        return with(drawn(canvas, move));
    }

    private BufferedImage drawn(BufferedImage canvas, AffineTransform move) {
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(pixels, move, null);
        graphics.dispose();
        return canvas;
    }

    private Picture with(BufferedImage other) {
        return new Picture(other, format);
    }

    /// The same picture in sRGB with 8 bits a colour and no palette, which every later step handles well and exactly.
    private static BufferedImage plain(BufferedImage decoded) {
        return switch (decoded.getType()) {
            case BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR, BufferedImage.TYPE_INT_RGB,
                    BufferedImage.TYPE_INT_ARGB ->
                decoded;
            default -> {
                Dimensions size = new Dimensions(decoded.getWidth(), decoded.getHeight());
                BufferedImage canvas = canvas(size, decoded.getColorModel().hasAlpha());
                yield decoded.getRaster().getNumBands() == 2
                        ? greyCopied(decoded, canvas)
                        : new Picture(decoded, Format.PNG).drawn(canvas, new AffineTransform());
            }
        };
    }

    /// Grey with transparency is copied by hand: Java 2D takes its grey for a linear one, and would make it lighter.
    private static BufferedImage greyCopied(BufferedImage from, BufferedImage canvas) {
        int width = from.getWidth();
        int shift = from.getColorModel().getComponentSize(0) - 8;
        int[] samples = new int[2 * width];
        int[] row = new int[width];
        for (int y = 0; y < from.getHeight(); y++) {
            from.getRaster().getPixels(0, y, width, 1, samples);
            for (int x = 0; x < width; x++) {
                row[x] = samples[2 * x + 1] >> shift << 24 | (samples[2 * x] >> shift) * 0x01_01_01;
            }
            canvas.setRGB(0, y, width, 1, row, 0, width);
        }
        return canvas;
    }

    private static BufferedImage canvas(Dimensions size, boolean isTransparent) {
        return new BufferedImage(size.width(), size.height(),
                isTransparent ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    }
}
