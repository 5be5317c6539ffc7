package dev.heddle.formats;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/// Pictures made for tests, whole ones and such as nobody should send.
public final class TestPictures {
    private TestPictures() {
    }

    /// A picture whose four quarters are red, green (above), blue and yellow (below).
    public static BufferedImage quarters(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};
        for (int i = 0; i < colours.length; i++) {
            graphics.setColor(colours[i]);
            graphics.fillRect(i % 2 * (width / 2), i / 2 * (height / 2), width - width / 2, height - height / 2);
        }
        graphics.dispose();
        return image;
    }

    public static byte[] png(int width, int height) {
        return encoded(quarters(width, height), "png");
    }

    public static byte[] jpeg(int width, int height) {
        return encoded(quarters(width, height), "jpeg");
    }

    public static byte[] gif(int width, int height) {
        return encoded(quarters(width, height), "gif");
    }

    /// As `format`, which is `png`, `jpeg` or `gif`.
    public static byte[] encoded(BufferedImage image, String format) {
        try {
            var out = new ByteArrayOutputStream();
            ImageIO.write(image, format, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static BufferedImage decoded(byte[] bytes) {
        try {
            return ImageIO.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A PNG of at least `bytes` bytes, most of which are of no use.
    public static byte[] largePng(int bytes) {
        var padding = new byte[bytes];
        new Random(1).nextBytes(padding);
        return with(png(40, 20), chunk("teSt", padding));
    }

    /// A PNG that says that it is so large, and has hardly a pixel.
    public static byte[] lyingPng(int width, int height) {
        byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[]{8, 2, 0, 0, 0}).array();
        return together(new byte[]{(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, chunk("IHDR", header),
                chunk("IDAT", deflated(new byte[100])), chunk("IEND", new byte[0]));
    }

    /// `png` with chunks behind its header.
    public static byte[] with(byte[] png, byte[]... chunks) {
        byte[] head = Arrays.copyOf(png, 33);
        return together(head, together(chunks), Arrays.copyOfRange(png, 33, png.length));
    }

    /// A chunk of a PNG.
    public static byte[] chunk(String name, byte[] content) {
        byte[] named = together(name.getBytes(StandardCharsets.US_ASCII), content);
        var checksum = new CRC32();
        checksum.update(named);
        return ByteBuffer.allocate(named.length + 8).putInt(content.length).put(named)
                .putInt((int) checksum.getValue()).array();
    }

    public static byte[] deflated(byte[] content) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(content);
            deflater.finish();
            var out = new byte[content.length + 100];
            return Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    /// `jpeg` with a segment behind its first two bytes.
    public static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
        byte[] segment = ByteBuffer.allocate(content.length + 4).put((byte) 0xFF).put((byte) marker)
                .putShort((short) (content.length + 2)).put(content).array();
        return together(Arrays.copyOf(jpeg, 2), segment, Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    /// A camera's note that says how the camera was held, and where: `place` stands in it as it is.
    public static byte[] exif(int orientation, String place) {
        ByteBuffer tiff = ByteBuffer.allocate(26 + place.length());
        tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8).putShort((short) 1);
        tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation).putShort((short) 0);
        tiff.putInt(0).put(place.getBytes(StandardCharsets.US_ASCII));
        return together("Exif\0\0".getBytes(StandardCharsets.US_ASCII), tiff.array());
    }

    public static byte[] together(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
