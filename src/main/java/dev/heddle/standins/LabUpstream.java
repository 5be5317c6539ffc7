package dev.heddle.standins;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.heddle.gates.Unavailable;
import dev.heddle.server.Admission;
import dev.heddle.server.ExchangeListener;
import dev.heddle.server.HttpServer;
import dev.heddle.server.ServerSettings;
import dev.heddle.settings.Page;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// An API of somebody else's, served by ourselves on a free port of loopback: for experiments without a network, and for
/// tests. It knows users as GitHub does, posts as jsonplaceholder does, data, and several ways to behave badly.
public final class LabUpstream implements AutoCloseable {
    private static final Parameter<String> LOGIN = Parameter.segment("login", 39, "Whom.");
    private static final Parameter<Long> ID = Parameter.id("id", "Which post.");
    private static final Parameter<Integer> MS = Parameter.number("ms", Parameter.from(0, 60_000), "How long to wait.");
    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final int MOST_POSTS = 100;
    private static final int MIB = 1024 * 1024;

    private final Duration delay;
    private final HttpServer server;

    private LabUpstream(Duration delay) {
        this.delay = delay;
        var settings = new ServerSettings("127.0.0.1", 0, 10_500, MIB, MIB, FOR_EVER, FOR_EVER, FOR_EVER,
                Duration.ZERO);
        this.server = HttpServer.start(settings, routes(), new Unheard(), Admission.EVERYBODY);
    }

    /// How long it shall take to answer: the setting `upstream-delay`.
    public static Duration delay(Page page) {
        return page.duration("upstream-delay", Duration.ofMillis(10), Duration.ZERO, Duration.ofMinutes(1));
    }

    /// Starts to listen; users, posts and data are answered after `delay`.
    public static LabUpstream start(Duration delay) {
        return new LabUpstream(delay);
    }

    /// The base address, such as `http://127.0.0.1:12345`.
    public String address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }

    private List<Route> routes() {
        return List.of(
                Route.get("/users/{login}", "A user; nobody has a name that begins with `nobody`.").with(LOGIN)
                        .gives(Person.class).fails(Kind.NOT_FOUND).handledBy(this::person),
                Route.get("/posts/{id}", "A post, of which there are 100.").with(ID).gives(Post.class)
                        .fails(Kind.NOT_FOUND).handledBy(this::post),
                Route.get("/data", "Data.").gives(Data.class).handledBy(_ -> data(delay)),
                Route.get("/slow/{ms}", "Data, after a wait.").with(MS).gives(Data.class)
                        .handledBy(request -> data(Duration.ofMillis(request.value(MS)))),
                Route.get("/hang", "Never an answer.").gives(Data.class).withoutDeadline()
                        .handledBy(_ -> data(FOR_EVER)),
                Route.get("/garbage", "What is no JSON.").givesStream(MediaType.JSON)
                        .handledBy(_ -> "{\"data\": [1, 2".getBytes(StandardCharsets.UTF_8)),
                Route.get("/cut", "The beginning of an answer.").givesStream(MediaType.JSON)
                        .handledBy(_ -> Reply.stream(LabUpstream::breakOff)));
    }

    /// A user, in GitHub's words.
    record Person(String login, long id, String avatarUrl, String type, String name, int publicRepos) {}

    /// A post, in jsonplaceholder's words, but for the case of `user_id`.
    record Post(long userId, long id, String title, String body) {}

    /// Some numbers.
    record Data(String source, List<Integer> data) {}

    private Person person(Request request) {
        sleep(delay);
        String login = request.value(LOGIN);
        if (login.startsWith("nobody")) {
            throw Failure.notFound("there is no such user");
        }
        long id = Integer.toUnsignedLong(login.toLowerCase(Locale.ROOT).hashCode());
        return new Person(login, id, "https://avatars.example.org/u/" + id, "User", login.toUpperCase(Locale.ROOT), 1);
    }

    private Post post(Request request) {
        sleep(delay);
        long id = request.value(ID);
        if (id > MOST_POSTS) {
            throw Failure.notFound("there is no such post");
        }
        return new Post(1, id, "Post " + id, "This is post " + id + ".");
    }

    private static Data data(Duration wait) {
        sleep(wait);
        return new Data("lab", List.of(1, 2, 3));
    }

    /// Nobody interrupts it but the lab when it closes.
    private static void sleep(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("the lab upstream is being closed", Duration.ofSeconds(1), e);
        }
    }

    /// The server has nothing else to do then but to close the connection.
    private static void breakOff(OutputStream out) throws IOException {
        out.write("{\"data\": ".getBytes(StandardCharsets.UTF_8));
        out.flush();
        throw new IOException("the lab breaks off its answer, as it was asked to");
    }

    /// Nobody counts what the lab is asked.
    private static final class Unheard implements ExchangeListener {
        @Override
        public void started() {
        }

        @Override
        public void answered(String method, String route, int status, Duration took) {
        }
    }
}
