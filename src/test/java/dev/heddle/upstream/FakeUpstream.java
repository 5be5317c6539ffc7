package dev.heddle.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// A server on loopback that does to each request what a test says, however bad: it speaks HTTP only as far as it is told.
public final class FakeUpstream implements AutoCloseable {
    /// What is done with one request, whose line and headers have been read; `number` counts requests from 1.
    @FunctionalInterface
    public interface Behaviour {
        void answer(int number, Socket socket) throws IOException, InterruptedException;
    }

    /// A request: its line as it stood on the wire, and its headers by their names in lower case.
    public record Heard(String line, Map<String, String> headers) {}

    private final String origin;
    private final ServerSocket listener;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<String> requestLines = new ConcurrentLinkedQueue<>();
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final Semaphore arrivals = new Semaphore(0);
    private final Semaphore hangUps = new Semaphore(0);
    private volatile Behaviour behaviour;

    private FakeUpstream(Behaviour behaviour, String origin, ServerSocketFactory sockets) {
        this.behaviour = behaviour;
        this.origin = origin;
        try {
            listener = sockets.createServerSocket(0, 5_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public static FakeUpstream doing(Behaviour behaviour) {
        return new FakeUpstream(behaviour, "http://127.0.0.1", ServerSocketFactory.getDefault());
    }

    /// One that is asked by https, and shows the certificate of `context` to whoever connects.
    public static FakeUpstream secure(Behaviour behaviour, SSLContext context) {
        return new FakeUpstream(behaviour, "https://localhost", context.getServerSocketFactory());
    }

    /// Answers 200 with `json`, and keeps the connection.
    public static Behaviour json(String json) {
        return status("200 OK", json);
    }

    /// Answers this status with `body`, and keeps the connection.
    public static Behaviour status(String status, String body) {
        return raw("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    /// Sends `text`, whatever it is, and keeps the connection.
    public static Behaviour raw(String text) {
        return (_, socket) -> socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends `text`, and closes the connection.
    public static Behaviour cut(String text) {
        return (number, socket) -> {
            raw(text).answer(number, socket);
            socket.close();
        };
    }

    /// Resets the connection (RST) without an answer.
    public static Behaviour reset() {
        return (_, socket) -> {
            socket.setSoLinger(true, 0);
            socket.close();
        };
    }

    /// Never answers; ends when the other side hangs up.
    public static Behaviour hang() {
        return (_, socket) -> {
            while (socket.getInputStream().read() >= 0) {
                // Whatever it is, it gets no answer.
            }
        };
    }

    /// Answers as `behaviour` does, once `signal` has come.
    public static Behaviour after(CountDownLatch signal, Behaviour behaviour) {
        return (number, socket) -> {
            signal.await();
            behaviour.answer(number, socket);
        };
    }

    /// Answers nobody until so many have asked, then all of them as `behaviour` does.
    public static Behaviour together(int number, Behaviour behaviour) {
        var all = new CountDownLatch(number);
        return (request, socket) -> {
            all.countDown();
            after(all, behaviour).answer(request, socket);
        };
    }

    /// From now on this is done with requests.
    public void turn(Behaviour next) {
        behaviour = next;
    }

    public String address() {
        return origin + ":" + listener.getLocalPort();
    }

    /// How many requests have arrived.
    public int requests() {
        return requests.get();
    }

    /// How many connections have been made.
    public int connections() {
        return sockets.size();
    }

    /// The request lines, such as `GET /users/ada HTTP/1.1`, as they stood on the wire.
    public Queue<String> requestLines() {
        return requestLines;
    }

    /// All requests, in order.
    public Queue<Heard> heard() {
        return heard;
    }

    /// Waits until so many more requests have arrived.
    public void awaitRequests(int number) throws InterruptedException {
        arrivals.acquire(number);
    }

    /// Waits until so many more connections have been closed by the other side.
    public void awaitHangUps(int number) throws InterruptedException {
        hangUps.acquire(number);
    }

    /// Closes all connections, but goes on listening.
    public void dropConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropConnections();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The test has ended.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                requestLines.add(line);
                heard.add(new Heard(line, headers(in)));
                int number = requests.incrementAndGet();
                arrivals.release();
                behaviour.answer(number, socket);
            }
            hangUps.release();
        } catch (SocketException | SSLException _) {
            hangUps.release();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> headers(BufferedReader in) throws IOException {
        var headers = new HashMap<String, String>();
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            String[] parts = line.split(": *", 2);
            headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
        }
        return headers;
    }
}
