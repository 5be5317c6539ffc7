package dev.heddle.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.heddle.claims.Ids;
import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;
import dev.heddle.files.Files.Looks;
import dev.heddle.files.Files.Role;
import dev.heddle.formats.Dimensions;
import dev.heddle.formats.Format;
import dev.heddle.formats.TestPictures;
import dev.heddle.gates.CpuPool;
import dev.heddle.images.OperationBody;
import dev.heddle.runs.RunSettings;
import dev.heddle.settings.Settings;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Rules;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.Task.Status;
import dev.heddle.tasks.Tasks;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The work in the background, with one thread that computes, which a test can hold up.
@Timeout(60)
class PicturesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rules RULES = new Rules(1, 1, Duration.ofSeconds(30));

    @TempDir
    private Path folder;
    private final TestDatabase database = TestDatabase.create();
    private final Database db = database.open();
    private final Files files = new Files(db);
    private final CpuPool processor = new CpuPool(1, Duration.ofSeconds(30), List.of());
    private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
    private Tasks tasks;

    @BeforeEach
    void start() {
        Settings settings = Settings.read(Path.of("no-such-file.yaml"),
                Map.of("HEDDLE_TASKS_POLL", "50ms", "HEDDLE_TASKS_WATCH", "50ms", "HEDDLE_TASKS_PROGRESS", "20ms",
                        "HEDDLE_TASKS_BACKOFF", "10ms", "HEDDLE_TASKS_GRACE", "200ms",
                        "HEDDLE_FILES_FOLDER", folder.toString(), "HEDDLE_FILES_MAX_SIZE", "64KiB"));
        var mail = new Kind<>("send-email", JsonNode.class, RULES, (_, _) -> null);
        tasks = Tasks.start(db, RunSettings.read(settings.page("tasks")),
                List.of(Pictures.kind(files, processor, FileSettings.read(settings.page("files"))), mail));
    }

    @AfterEach
    void stop() {
        others.shutdownNow();
        tasks.close();
        processor.close();
        db.close();
        database.close();
    }

    @Test
    void whoAskedIsToldOnceWithTheResult() {
        UUID id = stored(TestPictures.png(40, 20));

        Task task = ended(enqueue(id, "ada@example.org"));

        assertEquals(Status.COMPLETED, task.status(), task::toString);
        assertEquals(10, result(id).width());
        assertEquals(1, letters());
        String letter = db.one("select cast(data as text) as data from tasks where kind = 'send-email'",
                row -> row.text("data")).orElseThrow();
        assertTrue(letter.contains("\"to\":\"ada@example.org\""), letter);
        assertTrue(letter.contains("/files/" + id + "/result"), letter);
    }

    @Test
    void nobodyIsToldWhoDidNotAsk() {
        ended(enqueue(stored(TestPictures.png(40, 20)), null));

        assertEquals(0, letters());
    }

    /// As after the death of a node that had stored the result and not yet said that the task is done.
    @Test
    void aTaskThatIsBegunAnewAfterItsResultWasStoredDoesNothingTwice() {
        UUID id = stored(TestPictures.png(40, 20));
        Task task = ended(enqueue(id, "ada@example.org"));
        UUID before = files.picture(id, Role.RESULT).orElseThrow().id();
        db.update("update tasks set status = 'failed', result = null, error = 'x' where id = ?",
                UUID.fromString(task.taskId()));

        Task again = ended(tasks.retry(task.taskId()));

        assertEquals(Status.COMPLETED, again.status(), again::toString);
        assertEquals(task.result(), again.result());
        assertEquals(before, files.picture(id, Role.RESULT).orElseThrow().id());
        assertEquals(1, letters());
    }

    @Test
    void aFileThatIsDeletedWhileItIsWorkedOnStaysDeleted() throws InterruptedException {
        UUID id = stored(TestPictures.png(40, 20));
        CountDownLatch hold = heldUp();
        Task task = enqueue(id, "ada@example.org");
        await().atMost(PATIENCE).until(() -> processor.queued() == 1);

        assertTrue(files.delete(id));
        hold.countDown();

        assertEquals(Status.FAILED, ended(task).status());
        assertEquals(0, count("files") + count("pictures") + count("picture_chunks") + letters());
        assertEquals(1, ended(task).attempts());
    }

    @Test
    void aCancelledTaskMakesNothing() throws InterruptedException {
        UUID id = stored(TestPictures.png(40, 20));
        CountDownLatch hold = heldUp();
        Task task = enqueue(id, "ada@example.org");
        await().atMost(PATIENCE).until(() -> processor.queued() == 1);

        tasks.cancel(task.taskId());
        await().atMost(PATIENCE).until(() -> processor.queued() == 0);
        hold.countDown();

        assertEquals(Status.CANCELLED, ended(task).status());
        assertTrue(files.picture(id, Role.RESULT).isEmpty());
        assertEquals(0, letters());
    }

    @Test
    void theLastToBeginIsTheOneWhoseResultIsKept() throws InterruptedException {
        UUID id = stored(TestPictures.png(40, 20));
        CountDownLatch hold = heldUp();
        Task first = enqueue(id, "first@example.org");
        await().atMost(PATIENCE).until(() -> processor.queued() == 1);

        Task second = enqueue(id, "second@example.org");
        files.workOn(id, UUID.fromString(second.taskId()));
        hold.countDown();

        assertEquals(Status.FAILED, ended(first).status());
        assertEquals("a later task has begun to work on the file", ended(first).error());
        assertEquals(Status.COMPLETED, ended(second).status());
        assertEquals(UUID.fromString(second.taskId()), files.picture(id, Role.RESULT).orElseThrow().taskId());
        assertEquals(1, letters());
    }

    @Test
    void aResultThatIsTooLargeIsNotStored() {
        UUID id = stored(TestPictures.jpeg(40, 20));
        var wide = new OperationBody("resize", 4_000, 4_000, null, null);

        Task task = ended(tasks.enqueue(NewTask.of(Pictures.KIND, new PictureJob(id.toString(), List.of(wide), null))));

        assertEquals(Status.FAILED, task.status());
        assertEquals("a file has at most 65536 bytes here", task.error());
        assertEquals(1, task.attempts());
    }

    @Test
    void nothingIsLeftOnTheDisk() {
        ended(enqueue(stored(TestPictures.png(40, 20)), null));

        assertEquals(List.of(), List.of(folder.toFile().list()));
    }

    private CountDownLatch heldUp() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var hold = new CountDownLatch(1);
        others.submit(() -> processor.compute(() -> {
            begun.countDown();
            hold.await();
            return true;
        }));
        begun.await();
        return hold;
    }

    private UUID stored(byte[] picture) {
        UUID id = Ids.next();
        try (Spool spool = Spool.open(folder, 1 << 20)) {
            spool.fill(new ByteArrayInputStream(picture));
            db.inTransaction(_ -> {
                files.create(id, null, Ids.next());
                files.add(id, null, new Looks(Format.PNG, new Dimensions(40, 20)), spool);
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return id;
    }

    private Task enqueue(UUID id, @Nullable String recipient) {
        var thumbnail = new OperationBody("thumbnail", null, null, null, 10);
        return tasks.enqueue(NewTask.of(Pictures.KIND, new PictureJob(id.toString(), List.of(thumbnail), recipient)));
    }

    private Task ended(Task task) {
        return await().atMost(PATIENCE).until(() -> tasks.find(task.taskId()).orElseThrow(),
                each -> each.status().isFinal());
    }

    private StoredPicture result(UUID id) {
        return files.picture(id, Role.RESULT).orElseThrow().picture();
    }

    private long letters() {
        return count("tasks where kind = 'send-email'");
    }

    private long count(String from) {
        return db.one("select count(*) as count from " + from, row -> row.number("count")).orElseThrow();
    }
}
