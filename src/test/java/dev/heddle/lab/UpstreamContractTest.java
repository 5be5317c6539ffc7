package dev.heddle.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import dev.heddle.standins.LabUpstream;
import dev.heddle.upstream.UpstreamSettings;
import dev.heddle.upstream.Upstreams;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// What we expect of GitHub and of the posts API: held by the lab upstream that stands for them in other tests, and by the
/// real ones where the environment names them (`REAL_GITHUB=https://api.github.com`,
/// `REAL_POSTS=https://jsonplaceholder.typicode.com`).
@Timeout(60)
class UpstreamContractTest {
    private static final LabUpstream LAB = LabUpstream.start(Duration.ZERO);

    @AfterAll
    static void stop() {
        LAB.close();
    }

    static Stream<String> githubs() {
        return Stream.concat(Stream.of(LAB.address()), Optional.ofNullable(System.getenv("REAL_GITHUB")).stream());
    }

    static Stream<String> posts() {
        return Stream.concat(Stream.of(LAB.address()), Optional.ofNullable(System.getenv("REAL_POSTS")).stream());
    }

    @ParameterizedTest
    @MethodSource("githubs")
    void githubTellsOfAUser(String address) throws InterruptedException {
        try (Upstreams upstreams = at(address)) {
            ObjectNode user = upstreams.github().user("octocat");

            assertEquals("octocat", user.get("login").asString());
            assertTrue(user.get("id").asLong() > 0);
            assertTrue(user.get("avatar_url").asString().startsWith("https://"));
        }
    }

    @ParameterizedTest
    @MethodSource("githubs")
    void githubSaysThatAUserIsNotThere(String address) {
        try (Upstreams upstreams = at(address)) {
            Failure failure = assertThrows(Failure.class, () -> upstreams.github().user("nobody-of-this-name-1b9"));

            assertEquals(Failure.Kind.NOT_FOUND, failure.kind());
        }
    }

    @ParameterizedTest
    @MethodSource("posts")
    void thereAreAHundredPosts(String address) throws InterruptedException {
        try (Upstreams upstreams = at(address)) {
            assertEquals(100, upstreams.posts().get("posts", "100").orElseThrow().get("id").asInt());
            assertTrue(upstreams.posts().get("posts", "101").isEmpty());
        }
    }

    private static Upstreams at(String address) {
        var settings = new UpstreamSettings(address, 10, 1, Duration.ofSeconds(10), Duration.ofSeconds(1), 1_000_000);
        return Upstreams.open(new Upstreams.All(settings, settings, settings), LAB::address);
    }
}
