package dev.heddle.mail;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.heddle.settings.Page;

import org.jspecify.annotations.Nullable;

/// How mail goes out. `smtp` is empty where it goes into the outbox, else `smtp://host:587` or `smtps://host:465`,
/// perhaps with `user:password@`. `from` is the address of the sender.
///
/// `connections` are the most in use at once, 1 to 100. The outbox takes at most `files`.
public record MailSettings(String smtp, String from, StartTls startTls, int connections, Patience patience, int files) {
    /// Whether a connection must become encrypted (RFC 3207), becomes so if the server offers it, or never does.
    public enum StartTls {
        REQUIRED, OFFERED, NEVER
    }

    /// How long to wait for a connection, for each answer of the server, and for it to take what is written.
    public record Patience(Duration connect, Duration read, Duration write) {}

    /// @throws IllegalArgumentException if a value is refused; the message never shows the URL and so no password
    public MailSettings {
        if (!Address.isAddress(from)) {
            throw new IllegalArgumentException("mail.from is not an e-mail address: '" + from + "'");
        }
        if (connections < 1 || connections > 100 || files < 1) {
            throw new IllegalArgumentException("connections " + connections + ", files " + files);
        }
        boolean wouldShowPassword = !smtp.isEmpty() && Server.parse(smtp).wouldShowPassword();
        if (wouldShowPassword && startTls != StartTls.REQUIRED) {
            throw new IllegalArgumentException("mail.smtp holds a password, which only mail.starttls: required or "
                    + "smtps:// keeps secret on the way to another machine");
        }
    }

    public static MailSettings read(Page page) {
        var patience = new Patience(wait(page, "connect", 5), wait(page, "read", 60), wait(page, "write", 30));
        return new MailSettings(page.text("smtp", ""), page.text("from", "heddle@localhost"),
                page.choice("starttls", StartTls.REQUIRED, StartTls.class), page.integer("connections", 8, 1, 100),
                patience, page.integer("outbox.files", 20_000, 1, 10_000_000));
    }

    /// The server that the URL names, if there is one.
    Optional<Server> server() {
        return smtp.isEmpty() ? Optional.empty() : Optional.of(Server.parse(smtp));
    }

    private static Duration wait(Page page, String what, int fallbackSeconds) {
        return page.duration("timeout." + what, Duration.ofSeconds(fallbackSeconds), Duration.ofMillis(1),
                Duration.ofMinutes(10));
    }

    /// The password is not shown.
    @Override
    public String toString() {
        return "MailSettings[smtp=" + server().map(Server::place).orElse("") + ", from=" + from + "]";
    }

    /// Where the SMTP server is, and who logs in there, if anybody: `smtp://user:password@host:587` or `smtps://…`.
    record Server(boolean isTls, String host, int port, @Nullable String user, @Nullable String password) {
        private static final int SUBMISSION = 587;
        private static final int SUBMISSIONS = 465;
        private static final Pattern LOOPBACK = Pattern.compile("localhost|127[.][0-9.]+|\\[::1]|::1");

        /// User and password are percent-encoded where they hold signs of a URL (RFC 3986 section 2.1).
        ///
        /// @throws IllegalArgumentException if `url` is none of an SMTP server; the message does not repeat it
        static Server parse(String url) {
            try {
                var uri = new URI(url);
                boolean isTls = "smtps".equals(uri.getScheme());
                if (!isTls && !"smtp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() == 0
                        || uri.getPort() > 65_535 || !uri.getRawPath().isEmpty() || uri.getRawQuery() != null) {
                    throw refused();
                }
                int port = uri.getPort() > 0 ? uri.getPort() : isTls ? SUBMISSIONS : SUBMISSION;
                String info = uri.getRawUserInfo();
                if (info == null) {
                    return new Server(isTls, uri.getHost(), port, null, null);
                }
                int colon = info.indexOf(':');
                if (colon < 1) {
                    throw refused();
                }
                return new Server(isTls, uri.getHost(), port, decoded(info.substring(0, colon)),
                        decoded(info.substring(colon + 1)));
            } catch (URISyntaxException _) {
                throw refused();
            }
        }

        /// Whether somebody on the way could read the password, were the connection not made an encrypted one.
        boolean wouldShowPassword() {
            return password != null && !isTls && !LOOPBACK.matcher(host).matches();
        }

        /// The URL without what is secret in it.
        String place() {
            return (isTls ? "smtps://" : "smtp://") + host + ":" + port;
        }

        @Override
        public String toString() {
            return place();
        }

        /// [URLDecoder] takes a plus for a blank, as in forms; in this part of a URL it is a plus.
        private static String decoded(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        private static IllegalArgumentException refused() {
            return new IllegalArgumentException(
                    "mail.smtp must look like smtp://host:587, smtp://user:password@host:587 "
                            + "or smtps://user:password@host:465");
        }
    }
}
