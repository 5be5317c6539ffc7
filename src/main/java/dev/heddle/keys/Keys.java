package dev.heddle.keys;

import java.security.SecureRandom;
import java.util.Optional;

import dev.heddle.db.Database;

/// Random secrets that all nodes share: made by whoever asks first, and kept in the database.
public final class Keys {
    private static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database db;

    public Keys(Database db) {
        this.db = db;
    }

    private static final String MAKE = """
            insert into keys (name, secret)
            values (?, ?)
            on conflict (name) do nothing
            """;

    private static final String READ = """
            select secret
            from keys
            where name = ?
            """;

    /// The 32 bytes that bear this name, the same for ever and on every node.
    public byte[] key(String name) {
        return read(name).orElseGet(() -> make(name));
    }

    private byte[] make(String name) {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        db.update(MAKE, name, secret);
        return read(name).orElseThrow();
    }

    private Optional<byte[]> read(String name) {
        return db.one(READ, row -> row.bytes("secret"), name);
    }
}
