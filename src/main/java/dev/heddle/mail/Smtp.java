package dev.heddle.mail;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.mail.MailSettings.Patience;
import dev.heddle.mail.MailSettings.Server;
import dev.heddle.mail.MailSettings.StartTls;

import jakarta.mail.Session;
import org.jspecify.annotations.Nullable;

/// Sends mail through an SMTP server (RFC 5321), over at most so many connections at once, which are kept for the next
/// mails as long as they are used at least twice a minute. Thread-safe.
public final class Smtp implements Mailer {
    private static final Logger LOG = System.getLogger(Smtp.class.getName());
    private static final Duration KEPT = Duration.ofSeconds(30);

    private final Server server;
    private final Address from;
    private final int connections;
    private final Semaphore turns;
    private final Session session;
    private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
    // Its thread ends writes that take too long, and takes leave where a connection is not used any more.
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1,
            Thread.ofPlatform().daemon().name("mail timer").factory());
    private volatile boolean isClosed;

    private record Idle(Courier courier, long sinceNanos) {}

    Smtp(MailSettings settings, Server server) {
        this.server = server;
        this.from = new Address(settings.from());
        this.connections = settings.connections();
        this.turns = new Semaphore(connections, true);
        timer.setRemoveOnCancelPolicy(true);
        timer.scheduleWithFixedDelay(this::leaveIdle, KEPT.toSeconds(), KEPT.toSeconds() / 2, SECONDS);
        this.session = Session.getInstance(properties(settings));
    }

    @Override
    public Delivery send(Mail mail) throws InterruptedException {
        Letter letter = Letter.of(mail, from);
        if (!turns.tryAcquire(Deadline.current().nanosLeft(), NANOSECONDS)) {
            throw new DeadlinePassed();
        }
        try {
            return carry(letter);
        } finally {
            turns.release();
        }
    }

    @Override
    public int atOnce() {
        return connections;
    }

    @Override
    public void close() {
        isClosed = true;
        leaveAll();
        timer.shutdownNow();
    }

    private Delivery carry(Letter letter) {
        @Nullable
        Idle kept = idle.poll();
        if (kept != null) {
            Delivery delivery = carry(letter, kept.courier);
            // Servers close connections that they have had enough of; that is no reason to keep the mail waiting.
            if (!kept.courier.wasStale() || Thread.currentThread().isInterrupted()) {
                return delivery;
            }
        }
        try {
            var courier = new Courier(session);
            courier.open(server);
            return carry(letter, courier);
        } catch (Courier.NotConnected e) {
            LOG.log(Level.WARNING, () -> "event=mail_not_connected server=" + server.place() + " cause=" + oneLine(e));
            return e.delivery();
        }
    }

    /// Angus lists the causes line by line.
    private static String oneLine(Courier.NotConnected e) {
        return String.valueOf(e.getCause()).replaceAll("\\s+", " ");
    }

    private Delivery carry(Letter letter, Courier courier) {
        boolean isDone = false;
        try {
            Delivery delivery = courier.carry(letter);
            isDone = true;
            return delivery;
        } finally {
            if (isDone && courier.isUsable()) {
                idle.push(new Idle(courier, System.nanoTime()));
            } else {
                courier.leave();
            }
            if (isClosed) {
                leaveAll();
            }
        }
    }

    private void leaveAll() {
        for (Idle kept = idle.poll(); kept != null; kept = idle.poll()) {
            kept.courier.leave();
        }
    }

    /// The one used last is taken first, so the oldest are last.
    private void leaveIdle() {
        for (Idle oldest = idle.pollLast(); oldest != null; oldest = idle.pollLast()) {
            if (System.nanoTime() - oldest.sinceNanos < KEPT.toNanos()) {
                idle.addLast(oldest);
                return;
            }
            oldest.courier.leave();
        }
    }

    /// Their names stand in the Javadoc of the package `org.eclipse.angus.mail.smtp`.
    private Properties properties(MailSettings settings) {
        Patience patience = settings.patience();
        var properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", String.valueOf(patience.connect().toMillis()));
        properties.put("mail.smtp.timeout", String.valueOf(patience.read().toMillis()));
        properties.put("mail.smtp.writetimeout", String.valueOf(patience.write().toMillis()));
        properties.put("mail.smtp.executor.writetimeout", timer);
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.ssl.enable", String.valueOf(server.isTls()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        boolean isStartTls = !server.isTls() && settings.startTls() != StartTls.NEVER;
        properties.put("mail.smtp.starttls.enable", String.valueOf(isStartTls));
        properties.put("mail.smtp.starttls.required",
                String.valueOf(isStartTls && settings.startTls() == StartTls.REQUIRED));
        properties.put("mail.smtp.auth", String.valueOf(server.user() != null));
        return properties;
    }
}
