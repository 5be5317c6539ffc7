package dev.heddle.files;

import java.nio.charset.StandardCharsets;

import dev.heddle.formats.TestPictures;

/// A form of parts, put together as browsers do it.
public final class Multipart {
    public static final String TYPE = "multipart/form-data; boundary=----heddle";

    private byte[] body = {};

    /// A form that uploads this file.
    public static Multipart of(byte[] file) {
        return new Multipart().file("picture.png", file);
    }

    public Multipart file(String name, byte[] content) {
        return part("name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: text/plain", content);
    }

    public Multipart operations(String json) {
        return text("operations", json);
    }

    public Multipart text(String name, String value) {
        return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
    }

    private Multipart part(String says, byte[] content) {
        body = TestPictures.together(body,
                ("------heddle\r\nContent-Disposition: form-data; " + says + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8),
                content, "\r\n".getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    public byte[] bytes() {
        return TestPictures.together(body, "------heddle--\r\n".getBytes(StandardCharsets.US_ASCII));
    }
}
