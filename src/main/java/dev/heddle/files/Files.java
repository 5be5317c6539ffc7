package dev.heddle.files;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import dev.heddle.claims.Ids;
import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.formats.Dimensions;
import dev.heddle.formats.Format;
import dev.heddle.gates.Gate;
import dev.heddle.web.Failure;

import org.jspecify.annotations.Nullable;

/// Files and their pictures in the database, where every node finds them. The bytes lie there in pieces, and nobody holds
/// a connection between two of them. Thread-safe.
public final class Files {
    /// What a picture is to its file.
    enum Role {
        ORIGINAL("original"), RESULT("result");

        private final String word;

        Role(String word) {
            this.word = word;
        }
    }

    /// A file without its pictures.
    record Entry(UUID id, @Nullable String name, UUID taskId, Instant createdAt) {}

    /// A picture without its bytes, and the task that made it, if one did.
    record Entity(UUID id, @Nullable UUID taskId, StoredPicture picture) {}

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int STORING_AT_ONCE = 3;
    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(30);

    private final Database db;
    // Whoever stores a large file has a connection for some tenths of a second: all of them would be too many.
    private final Gate storing = new Gate("the storage of files", STORING_AT_ONCE, LONGEST_QUEUE);

    public Files(Database db) {
        this.db = db;
    }

    private static final String FIND = "select id, name, task_id, created_at from files where id = ?";

    Optional<Entry> find(UUID id) {
        return db.one(FIND, row -> new Entry(row.uuid("id"), row.textOrNull("name"), row.uuid("task_id"),
                row.instant("created_at")), id);
    }

    private static final String PICTURE = """
            select id, task_id, media_type, size_bytes, width, height from pictures where file_id = ? and role = ?
            """;

    Optional<Entity> picture(UUID fileId, Role role) {
        return db.one(PICTURE, Files::entity, fileId, role.word);
    }

    private static final String PIECE = """
            select substring(bytes from ? for ?) as piece from picture_chunks where picture_id = ? and place = ?
            """;

    /// Writes `length` bytes of a picture, from the one at `from` on, piece by piece.
    ///
    /// @throws Failure if the picture is deleted before the end
    void copy(Entity picture, long from, long length, OutputStream out) throws IOException {
        long end = from + length;
        for (long at = from; at < end;) {
            int place = (int) (at / CHUNK_BYTES);
            int within = (int) (at % CHUNK_BYTES);
            int wanted = (int) Math.min(CHUNK_BYTES - within, end - at);
            byte[] piece = db.one(PIECE, row -> row.bytes("piece"), within + 1, wanted, picture.id, place)
                    .orElseThrow(() -> Failure.notFound("the picture was deleted"));
            out.write(piece);
            at += wanted;
        }
    }

    /// Runs `transaction`, which stores a picture, when it is its turn: in line with others who do.
    <T> T inTurn(Supplier<T> transaction) throws InterruptedException {
        try (Gate.Pass _ = storing.enter()) {
            return transaction.get();
        }
    }

    private static final String CREATE = "insert into files (id, name, task_id) values (?, ?, ?)";

    void create(UUID id, @Nullable String name, UUID taskId) {
        db.update(CREATE, id, name, taskId);
    }

    private static final String WORK_ON = "update files set task_id = ? where id = ?";

    /// From now on `taskId` is the task that works on the file; says whether there is such a file.
    boolean workOn(UUID id, UUID taskId) {
        return db.update(WORK_ON, taskId, id) > 0;
    }

    private static final String HOLD = "select task_id from files where id = ? for update";

    /// Which task works on the file, which is held until the end of the transaction; none if there is no such file.
    Optional<UUID> hold(UUID id) {
        return db.one(HOLD, row -> row.uuid("task_id"), id);
    }

    private static final String DROP_RESULT = "delete from pictures where file_id = ? and role = 'result'";

    /// Takes away what was made of a file before, if anything was.
    void dropResult(UUID id) {
        db.update(DROP_RESULT, id);
    }

    private static final String ADD = """
            insert into pictures (id, file_id, role, task_id, media_type, size_bytes, width, height)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String ADD_CHUNK = "insert into picture_chunks (picture_id, place, bytes) values (?, ?, ?)";

    /// Adds a picture of this format and size, whose bytes are in `spool`, made by the task `madeBy` if it is a result.
    void add(UUID fileId, @Nullable UUID madeBy, Looks looks, Spool spool) {
        UUID id = Ids.next();
        Role role = madeBy == null ? Role.ORIGINAL : Role.RESULT;
        try {
            db.update(ADD, id, fileId, role.word, madeBy, looks.format.mediaType(), spool.length(),
                    looks.size.width(), looks.size.height());
            for (int place = 0; (long) place * CHUNK_BYTES < spool.length(); place++) {
                db.update(ADD_CHUNK, id, place, spool.read((long) place * CHUNK_BYTES, CHUNK_BYTES));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a file cannot be read back from the disk", e);
        }
    }

    /// What a picture is and how large, when it is looked at.
    record Looks(Format format, Dimensions size) {}

    private static final String DELETE = "delete from files where id = ?";

    /// Deletes a file with all its pictures; says whether there was one.
    boolean delete(UUID id) {
        return db.update(DELETE, id) > 0;
    }

    private static Entity entity(Row row) {
        String taskId = row.textOrNull("task_id");
        return new Entity(row.uuid("id"), taskId == null ? null : UUID.fromString(taskId), new StoredPicture(
                row.text("media_type"), row.integer("size_bytes"), row.integer("width"), row.integer("height")));
    }
}
