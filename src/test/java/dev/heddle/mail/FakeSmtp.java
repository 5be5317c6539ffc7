package dev.heddle.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// An SMTP server made by hand, which misbehaves where it is told to, and remembers what it was told.
public final class FakeSmtp implements AutoCloseable {
    /// Closes the connection without a word.
    public static final String CUT = "CUT";
    /// Says nothing, and keeps the connection open until the other side has enough.
    public static final String SILENCE = "SILENCE";

    public enum Step {
        GREETING("220 fake"), EHLO("250 fake"), HELO("250 fake"), MAIL("250 ok"), RCPT("250 ok"), DATA(
                "354 go on"), DOT(
                        "250 taken"), RSET("250 ok"), QUIT("221 bye"), STARTTLS("502 no"), AUTH("235 welcome");

        private final String reply;

        Step(String reply) {
            this.reply = reply;
        }
    }

    private final ServerSocket listener;
    private final Map<Step, Deque<String>> replies = new EnumMap<>(Step.class);
    private final Queue<String> commands = new ConcurrentLinkedQueue<>();
    private final Queue<String> mails = new ConcurrentLinkedQueue<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile CountDownLatch silent = new CountDownLatch(1);

    public FakeSmtp() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// What it replies when it comes to `step`, one after the other, and then what is usual.
    public FakeSmtp at(Step step, String... wanted) {
        synchronized (replies) {
            replies.computeIfAbsent(step, _ -> new ArrayDeque<>()).addAll(List.of(wanted));
        }
        return this;
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// The commands of all connections, without what stands after the first word.
    public List<String> commands() {
        return commands.stream().map(line -> line.split("[ :]")[0]).toList();
    }

    /// The mails that were ended by a dot, whether or not it said that it took them.
    public List<String> mails() {
        return List.copyOf(mails);
    }

    /// To whom these mails went, as their headers say it.
    public List<String> recipients() {
        return mails.stream().map(mail -> mail.lines().filter(line -> line.startsWith("To: ")).findFirst()
                .orElse("To: nobody").substring("To: ".length())).toList();
    }

    /// How many connections were made in all.
    public int connections() {
        return sockets.size();
    }

    public int mostOpen() {
        return mostOpen.get();
    }

    /// Waits until it is silent somewhere.
    public void awaitSilence() throws InterruptedException {
        silent.await();
    }

    /// Forgets what it was told, by the test and by others, and closes all connections.
    public void reset() throws IOException {
        synchronized (replies) {
            replies.clear();
        }
        hangUp();
        sockets.clear();
        silent = new CountDownLatch(1);
        commands.clear();
        mails.clear();
    }

    /// Closes all connections, as a server does with those that it has had enough of.
    public void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        hangUp();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void serve(Socket socket) {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            if (reply(socket, Step.GREETING).equals(CUT)) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                commands.add(line);
                Step step = Step.valueOf(line.split("[ :]")[0]);
                String said = reply(socket, step);
                if (step == Step.DATA && said.startsWith("354")) {
                    said = readMail(in) ? reply(socket, Step.DOT) : CUT;
                }
                if (said.equals(CUT)) {
                    return;
                }
            }
        } catch (SocketException _) {
            // The other side, or the test, has had enough.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.decrementAndGet();
        }
    }

    private boolean readMail(BufferedReader in) throws IOException {
        var mail = new StringBuilder();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals(".")) {
                mails.add(mail.toString());
                return true;
            }
            mail.append(line).append('\n');
        }
        return false;
    }

    /// What it said, or `CUT` if the conversation is over. A reply that ends in `CUT` is cut off there.
    private String reply(Socket socket, Step step) throws IOException {
        String reply = next(step);
        if (reply.equals(SILENCE)) {
            silent.countDown();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return CUT;
        }
        boolean isCut = reply.endsWith(CUT);
        String said = isCut ? reply.substring(0, reply.length() - CUT.length()) : reply + "\r\n";
        socket.getOutputStream().write(said.getBytes(StandardCharsets.UTF_8));
        return isCut ? CUT : reply;
    }

    private String next(Step step) {
        synchronized (replies) {
            Deque<String> wanted = replies.get(step);
            return wanted == null || wanted.isEmpty() ? step.reply : wanted.poll();
        }
    }
}
