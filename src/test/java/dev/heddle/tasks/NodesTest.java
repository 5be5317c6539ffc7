package dev.heddle.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.heddle.tasks.StepsNode.Pace;
import dev.heddle.tasks.Task.Progress;
import dev.heddle.tasks.Task.Status;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes that are processes of their own on one database, killed with `kill -9` and frozen with SIGSTOP while they work.
class NodesTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int TASKS = IS_FULL ? 10_000 : 200;
    private static final int KILLS = IS_FULL ? 30 : 3;
    private static final int HEARTBEAT_MILLIS = IS_FULL ? 4_000 : 250;
    private static final Duration PATIENCE = Duration.ofMinutes(IS_FULL ? 20 : 3);
    private static final Duration ORPHAN_BOUND = Duration.ofSeconds(30);

    private final Desk desk = new Desk();
    private final List<Process> nodes = new ArrayList<>();

    @BeforeEach
    void makeTable() {
        desk.db.update("create table effects (task text not null, step integer not null)");
    }

    @AfterEach
    void close() {
        nodes.forEach(node -> node.destroyForcibly().onExit().join());
        desk.close();
    }

    @Test
    void nothingIsLostAndNothingDoneTwiceWhileNodesAreKilledAndFrozen() throws Exception {
        try (Tasks tasks = maker()) {
            var made = new ArrayList<Task>();
            for (int i = 0; i < TASKS; i++) {
                made.add(tasks.enqueue(NewTask.of("steps", new Pace(IS_FULL ? 50 : 20))));
            }
            Process frozen = start();
            start();
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitEffects(kill * TASKS * StepsNode.STEPS / (KILLS + 2));
                signal(frozen, "STOP");
                nodes.getLast().destroyForcibly().onExit().join();
                start();
                awaitTakenOver();
                signal(frozen, "CONT");
            }

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> unfinished() == 0);
            assertEquals(TASKS * StepsNode.STEPS, count("select count(*) as n from effects"), "each step once");
            assertEquals(TASKS * StepsNode.STEPS,
                    count("select count(*) as n from (select distinct task, step from effects) as steps"));
            for (Task task : made) {
                Task done = tasks.find(task.taskId()).orElseThrow();
                assertEquals(Status.COMPLETED, done.status(), done::toString);
                assertEquals(new Progress(5, 5, 100), done.progress());
            }
            assertTrue(count("select count(*) as n from tasks where attempts > 1") > 0, "no try was lost on the way");
            assertEquals(0, count("select count(*) as n from scheduled_tasks"));
        }
    }

    @Test
    void anOrphanRunsElsewhereInTime() throws Exception {
        try (Tasks tasks = maker()) {
            start();
            start();
            Task orphan = tasks.enqueue(NewTask.of("steps", new Pace(IS_FULL ? 2_000 : 300)));
            Desk.awaitTask(tasks, orphan, task -> task.progress().current() >= 1);

            owner(orphan).destroyForcibly().onExit().join();
            long killed = System.nanoTime();
            Desk.awaitTask(tasks, orphan, task -> task.attempts() == 2);
            Duration took = Duration.ofNanos(System.nanoTime() - killed);

            System.out
                    .println("an orphan ran elsewhere after " + took.toMillis() + " ms, heartbeat " + HEARTBEAT_MILLIS);
            assertTrue(took.compareTo(ORPHAN_BOUND) < 0, took::toString);
            assertEquals(Status.COMPLETED, Desk.awaitEnd(tasks, orphan).status());
        }
    }

    /// A node that makes tasks and runs none.
    private Tasks maker() {
        Tasks tasks = desk.node(StepsNode.kind(desk.db));
        tasks.pause();
        return tasks;
    }

    /// The node that has the lease, which is called by its process.
    private Process owner(Task task) {
        String pid = desk.db
                .one("select split_part(picked_by, '-', 1) as pid from scheduled_tasks where task_instance = ?",
                        row -> row.text("pid"), task.taskId())
                .orElseThrow();
        return nodes.stream().filter(node -> String.valueOf(node.pid()).equals(pid)).findFirst().orElseThrow();
    }

    private Process start() throws IOException {
        Process node = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview", "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                StepsNode.class.getName(), desk.jdbcUrl(), String.valueOf(HEARTBEAT_MILLIS))
                .redirectError(Redirect.INHERIT).start();
        nodes.add(node);
        assertEquals("ready", node.inputReader().readLine());
        return node;
    }

    private static void signal(Process process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        assertTrue(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0);
    }

    private void awaitEffects(int least) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> count("select count(*) as n from effects") >= least);
    }

    /// What the frozen and the killed node had is another's by now.
    private void awaitTakenOver() {
        long before = count("select count(*) as n from tasks where attempts > 1 and status = 'completed'");
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> unfinished() == 0
                || count("select count(*) as n from tasks where attempts > 1 and status = 'completed'") > before);
    }

    private long unfinished() {
        return count("select count(*) as n from scheduled_tasks");
    }

    private long count(String sql) {
        return desk.db.one(sql, row -> row.number("n")).orElseThrow();
    }
}
