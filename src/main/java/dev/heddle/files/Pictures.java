package dev.heddle.files;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;

import dev.heddle.claims.Ids;
import dev.heddle.files.Files.Entity;
import dev.heddle.files.Files.Looks;
import dev.heddle.files.Files.Role;
import dev.heddle.formats.Head;
import dev.heddle.gates.CpuPool;
import dev.heddle.images.Operation;
import dev.heddle.images.Picture;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Rules;
import dev.heddle.tasks.Run;
import dev.heddle.tasks.TaskRefused;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

/// The work in the background: takes a picture from the database, does to it what was asked for, puts the result beside it
/// and has who asked told, the last two in one transaction. So if a node dies in the midst of it, another one begins
/// anew; and if it dies just after, the other finds that all is done.
public final class Pictures {
    static final String KIND = "process-image";
    private static final String MAIL_KIND = "send-email";
    private static final int ATTEMPTS = 3;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Files files;
    private final CpuPool processor;
    private final FileSettings settings;

    private Pictures(Files files, CpuPool processor, FileSettings settings) {
        this.files = files;
        this.processor = processor;
        this.settings = settings;
    }

    /// The kind of task that does the work, on the threads of `processor`.
    public static Kind<PictureJob> kind(Files files, CpuPool processor, FileSettings settings) {
        var rules = new Rules(settings.picturesAtOnce(processor.threads()), ATTEMPTS, LONGEST);
        return new Kind<>(KIND, PictureJob.class, rules, new Pictures(files, processor, settings)::run);
    }

    /// What the task of a letter wants to know.
    record Letter(String to, String subject, String body) {}

    /// Which file has a result now, and what that is.
    record Made(String fileId, StoredPicture result) {}

    private Made run(PictureJob job, Run run) throws InterruptedException, IOException {
        UUID id = Ids.read(job.fileId()).orElseThrow(Pictures::gone);
        UUID taskId = UUID.fromString(run.taskId());
        if (!run.inTransaction(_ -> files.workOn(id, taskId))) {
            throw gone();
        }
        Optional<Entity> done = files.picture(id, Role.RESULT).filter(result -> taskId.equals(result.taskId()));
        if (done.isEmpty()) {
            make(job, id, run);
        }
        return new Made(job.fileId(), files.picture(id, Role.RESULT).orElseThrow(Pictures::gone).picture());
    }

    private void make(PictureJob job, UUID id, Run run) throws InterruptedException, IOException {
        Entity original = files.picture(id, Role.ORIGINAL).orElseThrow(Pictures::gone);
        try (Spool source = Spool.open(settings.folder(), settings.mostBytes());
                Spool result = Spool.open(settings.folder(), settings.mostBytes())) {
            files.copy(original, 0, original.picture().sizeBytes(), source.output());
            Looks looks = work(job, source, result, run);
            UUID taskId = UUID.fromString(run.taskId());
            files.inTurn(() -> run.inTransaction(_ -> {
                if (!files.hold(id).orElseThrow(Pictures::gone).equals(taskId)) {
                    throw new TaskRefused("a later task has begun to work on the file");
                }
                files.dropResult(id);
                files.add(id, taskId, looks, result);
                Optional.ofNullable(job.recipient()).ifPresent(to -> run.enqueue(letter(to, job.fileId())));
                return true;
            }));
            run.progress(job.operations().size() + 2, job.operations().size() + 2);
        } catch (Failure failure) {
            throw new TaskRefused(FieldError.summary(failure.errors(), failure.getMessage()));
        }
    }

    /// Decodes, does one operation after the other, and encodes: each a piece of work for the pool, so that others get
    /// their turn in between.
    private Looks work(PictureJob job, Spool source, Spool result, Run run) throws InterruptedException, IOException {
        Head head = Head.read(source.channel(), settings.mostPixels());
        List<Operation> plan = job.plan(head.size(), settings.mostPixels());
        int steps = plan.size() + 2;
        run.progress(0, steps);
        Picture picture = compute(() -> Picture.decode(source.channel(), head));
        for (int done = 1; done <= plan.size(); done++) {
            run.progress(done, steps);
            Picture before = picture;
            Operation next = plan.get(done - 1);
            picture = compute(() -> before.after(next));
        }
        run.progress(steps - 1, steps);
        Picture last = picture;
        compute(() -> {
            last.encode(result.output());
            return true;
        });
        return new Looks(last.format(), last.size());
    }

    private <T> T compute(Callable<T> work) throws InterruptedException, IOException {
        try {
            return processor.compute(work);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    private static NewTask letter(String to, String fileId) {
        return NewTask.of(MAIL_KIND, new Letter(to, "Your picture is ready",
                "The picture that you sent us is ready. It can be fetched at /files/" + fileId + "/result\n"));
    }

    private static TaskRefused gone() {
        return new TaskRefused("the file was deleted, or there never was one");
    }
}
