package dev.heddle.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.heddle.TestApp;

import tools.jackson.databind.JsonNode;

/// One connection that is kept alive, for one request after the other: a client that costs little, where it shares the
/// processor with what it measures.
public final class KeptAlive implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String LENGTH = "content-length:";

    /// A status and a body.
    public record Answer(int status, String body) {
        public JsonNode json() {
            return TestApp.parsed(body);
        }
    }

    private final Socket socket;
    private final InputStream in;

    private KeptAlive(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    public static KeptAlive connect(URI address) throws IOException {
        return new KeptAlive(new Socket(InetAddress.getByName(address.getHost()), address.getPort()));
    }

    public Answer get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /// `headers` is empty, or lines that each end with CR LF.
    public Answer post(String path, String headers, String json) throws IOException {
        return send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + headers
                + "Content-Length: " + json.length() + "\r\n\r\n" + json);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        int status = Integer.parseInt(line().split(" ")[1]);
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(line.substring(LENGTH.length()).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the answer is cut");
        }
        return new Answer(status, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection is closed");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }
}
