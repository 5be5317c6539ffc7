package dev.heddle.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import dev.heddle.formats.Dimensions;
import dev.heddle.formats.Format;
import dev.heddle.formats.Head;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

/// The JDK's decoders and encoders of pictures. They are told to stop when their thread is interrupted, which they would
/// not notice by themselves.
final class Codecs {
    private static final float JPEG_QUALITY = 0.9f;

    static {
        // Pixels are all that is wanted of AWT; else it would look for a screen where there is one.
        System.setProperty("java.awt.headless", "true");
    }

    private Codecs() {
    }

    /// The pixels of the first picture in `in`.
    ///
    /// @throws Failure if they cannot be decoded, or there are more or fewer than `head` says
    static BufferedImage decode(ImageInputStream in, Head head) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(name(head.format())).next();
        var interrupts = new Interrupts();
        reader.addIIOReadProgressListener(interrupts);
        try (in) {
            reader.setInput(in, true, true);
            if (!head.stored().equals(new Dimensions(reader.getWidth(0), reader.getHeight(0)))) {
                throw refused();
            }
            BufferedImage image = reader.read(0);
            interrupts.check();
            return image;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // A decoder says in many ways that it was given nonsense, an index out of bounds among them.
            interrupts.check();
            throw refused();
        } finally {
            reader.dispose();
        }
    }

    static void encode(BufferedImage image, Format format, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(name(format)).next();
        var interrupts = new Interrupts();
        writer.addIIOWriteProgressListener(interrupts);
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            if (format == Format.JPEG) {
                how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                how.setCompressionQuality(JPEG_QUALITY);
            }
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), how);
            interrupts.check();
        } finally {
            writer.dispose();
        }
    }

    private static String name(Format format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static Failure refused() {
        return Failure
                .invalid(new FieldError(List.of("body", "file"), "holds pixels that cannot be decoded", "picture"));
    }
}
