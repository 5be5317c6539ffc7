package dev.heddle.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

import dev.heddle.formats.Format;
import dev.heddle.formats.Head;
import dev.heddle.forms.Form;
import dev.heddle.forms.Part;
import dev.heddle.images.OperationBody;
import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.PlainText;

import org.jspecify.annotations.Nullable;

/// A form that uploads a file, read to its end: what it is to be called, what is to be done to it, and its bytes, which
/// wait on the disk. Nothing of it is stored yet. Used by one thread.
final class Upload implements AutoCloseable {
    private static final int MOST_PARTS = 16;
    private static final int MOST_TEXT_BYTES = 64 * 1024;
    private static final int LONGEST_NAME = 255;

    private final FileSettings settings;
    private final Spool spool;
    private final List<FieldError> errors = new ArrayList<>();
    private @Nullable String name;
    private @Nullable Head head;
    private List<OperationBody> operations = List.of();
    private @Nullable String notify;

    private Upload(FileSettings settings, Spool spool) {
        this.settings = settings;
        this.spool = spool;
    }

    /// Reads the form in `content`; `contentType` says its boundary.
    ///
    /// @throws Failure if it is no form, too large, no picture, or refused for anything else, with all that is wrong
    static Upload read(String contentType, InputStream content, FileSettings settings) throws IOException {
        var upload = new Upload(settings, Spool.open(settings.folder(), settings.mostBytes()));
        try {
            upload.read(new Form(contentType, content, MOST_PARTS));
            return upload;
        } catch (IOException | RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    private void read(Form form) throws IOException {
        var seen = new HashSet<String>();
        for (Optional<Part> part = form.next(); part.isPresent(); part = form.next()) {
            if (!seen.add(part.get().name())) {
                throw refused(part.get().name(), "is there twice", "duplicate");
            }
            read(part.get());
        }
        if (!seen.contains("file")) {
            errors.add(new FieldError(List.of("body", "file"), "is required", "missing"));
        }
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
    }

    private void read(Part part) throws IOException {
        switch (part.name()) {
            case "file" -> readFile(part);
            case "operations" -> readOperations(part.text(MOST_TEXT_BYTES));
            case "notify" -> notify = part.text(MOST_TEXT_BYTES);
            // What follows could be as long as it likes, and nobody wants it.
            default -> throw refused(part.name(), "is not known here", "extra_forbidden");
        }
    }

    /// The first bytes tell whether the rest is worth waiting for.
    private void readFile(Part part) throws IOException {
        byte[] start = part.content().readNBytes(Format.TELLING_BYTES);
        Format.of(start);
        part.fileName().filter(given -> !given.isEmpty()).ifPresent(this::call);
        spool.fill(new SequenceInputStream(new ByteArrayInputStream(start), part.content()));
        head = Head.read(spool.channel(), settings.mostPixels());
    }

    /// The name is never used for a place on a disk; but it is shown to people, and some of them will.
    private void call(String given) {
        boolean isPath = given.contains("/") || given.contains("\\") || given.equals(".") || given.equals("..");
        boolean isTooLong = given.codePointCount(0, given.length()) > LONGEST_NAME;
        if (isPath || isTooLong || !PlainText.isStorable(given)
                || given.chars().anyMatch(Character::isISOControl)) {
            errors.add(new FieldError(List.of("body", "file"),
                    "must have a name of at most " + LONGEST_NAME + " characters, without folders", "file_name"));
        }
        name = given;
    }

    private void readOperations(String text) {
        try {
            operations = Json.bindList(text.getBytes(StandardCharsets.UTF_8), OperationBody.class);
        } catch (Failure failure) {
            if (failure.kind() != Failure.Kind.INVALID) {
                throw failure;
            }
            failure.errors().forEach(error -> errors.add(error.within("operations").within("body")));
        }
    }

    private Failure refused(String part, String says, String type) {
        errors.add(new FieldError(List.of("body", part), says, type));
        return Failure.invalid(errors);
    }

    Optional<String> name() {
        return Optional.ofNullable(name);
    }

    Files.Looks looks() {
        Head read = head();
        return new Files.Looks(read.format(), read.size());
    }

    Spool spool() {
        return spool;
    }

    /// What is to be done to it once it is stored as `fileId`.
    ///
    /// @throws Failure if it cannot be done, with all that is wrong
    PictureJob job(String fileId) {
        var job = new PictureJob(fileId, operations, notify);
        try {
            job.plan(head().size(), settings.mostPixels());
            return job;
        } catch (Failure failure) {
            throw Failure.invalid(failure.errors().stream().map(error -> error.within("body")).toList());
        }
    }

    private Head head() {
        if (head == null) {
            throw new IllegalStateException("a form without a file was refused");
        }
        return head;
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
