package dev.heddle.files;

import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.heddle.claims.Ids;
import dev.heddle.concurrent.Deadline;
import dev.heddle.db.Database;
import dev.heddle.files.Files.Entity;
import dev.heddle.files.Files.Entry;
import dev.heddle.files.Files.Role;
import dev.heddle.formats.Format;
import dev.heddle.gates.Gate;
import dev.heddle.images.OperationBody;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.Tasks;
import dev.heddle.web.Failure;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Reply.Content;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/// What can be asked about files.
public final class FileRoutes {
    private static final Parameter<String> ID = Parameter.segment("file_id", 100, "Which file.");
    private static final Duration UPLOAD_QUEUE = Duration.ofSeconds(10);

    private final Database db;
    private final Files files;
    private final Tasks tasks;
    private final FileSettings settings;
    private final Gate uploads;

    /// `tasks` must know the kind that [Pictures#kind] makes.
    public FileRoutes(Database db, Files files, Tasks tasks, FileSettings settings) {
        this.db = db;
        this.files = files;
        this.tasks = tasks;
        this.settings = settings;
        this.uploads = new Gate("uploads", settings.uploadsAtOnce(), UPLOAD_QUEUE);
    }

    /// The parts of a form that uploads a file.
    record UploadForm(@Schema(type = "string", format = "binary") @NotNull String file,
            @Schema(requiredMode = NOT_REQUIRED) @Size(max = PictureJob.MOST_OPERATIONS) List<OperationBody> operations,
            @Schema(requiredMode = NOT_REQUIRED, example = "ada@example.org") @Size(max = 254)
            // No component of a record can be called notify.
            @JsonProperty("notify") String recipient) {}

    /// The file that was made, and the task that works on it.
    record Uploaded(String fileId, String taskId) {}

    /// That the work will be done.
    record SubmittedPicture(String taskId, String status) {}

    public List<Route> routes() {
        String[] types = {Format.PNG.mediaType(), Format.GIF.mediaType()};
        return List.of(
                // Pinned, because only a virtual thread can be freed from a sender who stops.
                Route.post("/files", "Upload a picture, and have it worked on in the background.")
                        .takesForm(UploadForm.class).accepts(Uploaded.class).withoutDeadline().pinned()
                        .handledBy(this::upload),
                Route.get("/files/{file_id}", "Read what a file is, and how the work on it stands.").with(ID)
                        .gives(StoredFile.class).fails(NOT_FOUND).handledBy(this::describe),
                Route.get("/files/{file_id}/content", "Read a file as it was uploaded.").with(ID)
                        .givesContent(Format.JPEG.mediaType(), types).fails(NOT_FOUND).withoutDeadline()
                        .handledBy(request -> content(request, Role.ORIGINAL)),
                Route.get("/files/{file_id}/result", "Read what was made of a file last.").with(ID)
                        .givesContent(Format.JPEG.mediaType(), types).fails(NOT_FOUND).withoutDeadline()
                        .handledBy(request -> content(request, Role.RESULT)),
                Route.delete("/files/{file_id}", "Delete a file, its result, and the work on it.").with(ID)
                        .fails(NOT_FOUND).handledBy(this::delete),
                Route.post("/process-image", "Have a file worked on again; what is made replaces what was made before.")
                        .takes(PictureJob.class).accepts(SubmittedPicture.class).fails(NOT_FOUND)
                        .handledBy(this::process));
    }

    private Reply upload(Request request) throws Exception {
        Deadline limit = Deadline.in(settings.longestUpload());
        return limit.<Reply, Exception>call(() -> {
            try (Gate.Pass _ = uploads.enter();
                    Upload upload = Upload.read(request.header("Content-Type").orElse(""), request.content(),
                            settings)) {
                return store(upload);
            }
        });
    }

    private Reply store(Upload upload) throws InterruptedException {
        UUID id = Ids.next();
        PictureJob job = upload.job(id.toString());
        Task task = files.inTurn(() -> db.inTransaction(_ -> {
            Task enqueued = tasks.enqueue(NewTask.of(Pictures.KIND, job));
            files.create(id, upload.name().orElse(null), UUID.fromString(enqueued.taskId()));
            files.add(id, null, upload.looks(), upload.spool());
            return enqueued;
        }));
        return Reply.of(new Uploaded(id.toString(), task.taskId())).at("/files/" + id);
    }

    private StoredFile describe(Request request) {
        Entry entry = found(request);
        Entity original = files.picture(entry.id(), Role.ORIGINAL).orElseThrow(FileRoutes::unknown);
        String taskId = entry.taskId().toString();
        return new StoredFile(entry.id().toString(), entry.name(), original.picture(),
                files.picture(entry.id(), Role.RESULT).map(Entity::picture).orElse(null), taskId,
                tasks.find(taskId).map(Task::status).orElse(null), entry.createdAt());
    }

    private Reply content(Request request, Role role) {
        Entry entry = found(request);
        Entity entity = files.picture(entry.id(), role)
                .orElseThrow(() -> Failure.notFound("nothing has been made of the file yet"));
        var content = new Content(entity.picture().mediaType(), entity.id().toString(), entity.picture().sizeBytes(),
                (from, length, out) -> files.copy(entity, from, length, out));
        return Reply.content(content);
    }

    private Object delete(Request request) {
        Entry entry = found(request);
        try {
            tasks.cancel(entry.taskId().toString());
        } catch (Failure _) {
            // The task has come to its end, or is forgotten already.
        }
        if (!files.delete(entry.id())) {
            throw unknown();
        }
        return "";
    }

    private Reply process(Request request) {
        PictureJob job = request.body(PictureJob.class);
        UUID id = Ids.read(job.fileId()).orElseThrow(FileRoutes::unknown);
        StoredPicture original = files.picture(id, Role.ORIGINAL).orElseThrow(FileRoutes::unknown).picture();
        check(job, original);
        Task task = db.inTransaction(_ -> {
            Task enqueued = tasks.enqueue(NewTask.of(Pictures.KIND, job));
            if (!files.workOn(id, UUID.fromString(enqueued.taskId()))) {
                throw unknown();
            }
            return enqueued;
        });
        return Reply.of(new SubmittedPicture(task.taskId(), "submitted")).at("/tasks/" + task.taskId());
    }

    private void check(PictureJob job, StoredPicture original) {
        try {
            job.plan(new dev.heddle.formats.Dimensions(original.width(), original.height()), settings.mostPixels());
        } catch (Failure failure) {
            throw Failure.invalid(failure.errors().stream().map(error -> error.within("body")).toList());
        }
    }

    private Entry found(Request request) {
        return Ids.read(request.value(ID)).flatMap(files::find).orElseThrow(FileRoutes::unknown);
    }

    private static Failure unknown() {
        return Failure.notFound("there is no such file");
    }
}
