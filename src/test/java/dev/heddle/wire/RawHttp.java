package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One connection over which a test says exactly what it wants, byte by byte. Texts are sent as Latin-1.
public final class RawHttp implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SMALL_WINDOW_BYTES = 4 * 1024;

    private final Socket socket;
    private final InputStream in;

    /// An answer as it came; names of headers in lower case.
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JSON.readTree(body);
        }

        /// This answer, if it is a problem of this status that says which request it is for.
        public Answer expectProblem(int wanted) {
            assertEquals(wanted, status, this::text);
            assertEquals("application/problem+json", headers.get("content-type"));
            assertEquals(wanted, json().get("status").asInt());
            assertEquals(headers.get("x-request-id"), json().get("request_id").asString());
            assertTrue(headers.get("x-process-time").matches("[0-9]+[.][0-9]{6}"));
            return this;
        }

        public Answer expect(int wanted) {
            assertEquals(wanted, status, this::text);
            return this;
        }
    }

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    public static RawHttp connect(int port) {
        try {
            var socket = new Socket();
            socket.setReceiveBufferSize(SMALL_WINDOW_BYTES);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawHttp send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Says that nothing more will be sent, while answers can still be read.
    public RawHttp finish() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The next answer, interim ones left out.
    public Answer answer() {
        return answer(true);
    }

    /// The next answer to a HEAD, which has no body whatever its headers say.
    public Answer answerToHead() {
        return answer(false);
    }

    /// The next chunk of an answer whose head was read; empty is the last one.
    public String chunk() {
        return new String(chunkBytes(), StandardCharsets.UTF_8);
    }

    /// The bytes of the next chunk.
    public byte[] chunkBytes() {
        try {
            byte[] chunk = in.readNBytes(Integer.parseInt(line(), 16));
            line();
            return chunk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the server closed the connection, with nothing more to read before.
    public boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The bytes up to the end of the next line, without it.
    public String line() {
        try {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("closed after '" + line.toString(StandardCharsets.ISO_8859_1) + "'");
                }
                line.write(b);
            }
            return line.toString(StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All lines until the server closes the connection.
    public List<String> linesToTheEnd() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer(boolean hasBody) {
        int status = Integer.parseInt(line().split(" ")[1]);
        Map<String, String> headers = headers();
        if (status == 100) {
            return answer(hasBody);
        }
        try {
            return new Answer(status, headers, hasBody ? body(headers) : new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> headers() {
        var headers = new HashMap<String, String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        var body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }
}
