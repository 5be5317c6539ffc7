package dev.heddle.tasks;

import static dev.heddle.tasks.Desk.awaitEnd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import dev.heddle.tasks.Task.Progress;
import dev.heddle.tasks.Task.Status;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TasksTest {
    private static final Desk DESK = new Desk();
    private static final Rules ONCE = new Rules(10, 1, Duration.ofSeconds(30));

    record Name(String name) {}

    record Greeting(String text) {}

    @AfterAll
    static void close() {
        DESK.close();
    }

    @Test
    void aTaskIsRunAndItsResultKept() {
        var greet = new Kind<>("greet", Name.class, ONCE, (data, run) -> {
            run.progress(1, 2);
            return new Greeting("Hello " + data.name() + ", " + run.attempt());
        });

        try (Tasks tasks = DESK.node(greet)) {
            Task made = tasks.enqueue(NewTask.of("greet", new Name("Ada")));
            Task done = awaitEnd(tasks, made);

            assertEquals(Status.PENDING, made.status());
            assertEquals("greet", made.name());
            assertEquals(Status.COMPLETED, done.status(), done::toString);
            assertEquals("{\"text\":\"Hello Ada, 1\"}", String.valueOf(done.result()));
            assertEquals(new Progress(2, 2, 100), done.progress());
            assertEquals(1, done.attempts());
            assertTrue(done.completedAt() != null && done.startedAt() != null);
        }
    }
}
