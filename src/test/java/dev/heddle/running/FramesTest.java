package dev.heddle.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class FramesTest {
    @Test
    void tellTheInnermostOfALibraryWhatWeCalledAndOurClasses() {
        assertEquals(List.of("org.postgresql.core.PGStream.receiveChar", "io.helidon.dbclient.jdbc.Dml.execute",
                "dev.heddle.db.Statements.update", "dev.heddle.users.Users.delete",
                "dev.heddle.users.UserRoutes.lambda$routes$1"),
                telling("java.base/sun.nio.ch.NioSocketImpl.read", "java.base/java.net.Socket.read",
                        "org.postgresql.core.PGStream.receiveChar", "org.postgresql.core.Query.run",
                        "io.helidon.dbclient.jdbc.Dml.execute", "dev.heddle.db.Statements.update",
                        "dev.heddle.db.Statements.dml", "dev.heddle.concurrent.Deadline.call",
                        "java.base/java.lang.ScopedValue.call", "dev.heddle.users.Users.delete",
                        "dev.heddle.users.UserRoutes.lambda$routes$1", "dev.heddle.running.Running.around",
                        "dev.heddle.server.Exchange.run"));
    }

    @Test
    void areAFewOfMany() {
        String[] many = IntStream.range(0, 100).mapToObj(i -> "dev.heddle.lab.Class" + i + ".call")
                .toArray(String[]::new);

        assertEquals(8, telling(many).size());
    }

    @Test
    void areThereIfNoneIsOurs() {
        assertEquals(List.of("java.lang.Thread.sleep"),
                telling("java.base/java.lang.Thread.sleep", "dev.heddle.running.Running$Calls.around"));
        assertEquals(List.of(), telling());
    }

    /// What is told of frames such as `java.base/java.lang.Thread.sleep`, without their files and lines.
    private static List<String> telling(String... frames) {
        StackTraceElement[] stack = Arrays.stream(frames).map(FramesTest::frame).toArray(StackTraceElement[]::new);
        return Frames.telling(stack).stream().map(text -> text.replaceAll("[(].*", "")).toList();
    }

    private static StackTraceElement frame(String text) {
        String[] parts = text.split("/");
        String name = parts[parts.length - 1];
        int dot = name.lastIndexOf('.');
        return new StackTraceElement(null, parts.length == 2 ? parts[0] : null, null, name.substring(0, dot),
                name.substring(dot + 1), "File.java", 7);
    }
}
