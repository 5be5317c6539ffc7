package dev.heddle.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

import dev.heddle.settings.CannotStart;

/// The folder that holds the data, made once and never deleted.
///
/// Whoever may log in on this machine may connect to the port, so the superuser has a random password, kept beside the
/// data. It has 256 bits, so SCRAM's key stretching would protect nothing and is turned off, which makes connecting
/// cheap.
record Cluster(Path folder, String password) {
    private static final String MAJOR = Binaries.VERSION.replaceFirst("\\..*", "");
    private static final String USER = "postgres";
    private static final String PASSWORD = "heddle.password";

    /// The cluster at `folder`, made if there is none.
    ///
    /// @throws CannotStart if the folder holds something else, or data of another major version
    static Cluster openOrMake(Path folder, Binaries binaries) throws IOException, InterruptedException {
        if (!Files.exists(folder.resolve("PG_VERSION"))) {
            refuseForeign(folder);
            make(folder, binaries);
        }
        String version = Files.readString(folder.resolve("PG_VERSION")).strip();
        if (!version.equals(MAJOR)) {
            throw new CannotStart("the data in " + folder + " were made by PostgreSQL " + version
                    + "; this Heddle brings PostgreSQL " + MAJOR + ", dump and restore them");
        }
        return new Cluster(folder, Files.readString(folder.resolve(PASSWORD)).strip());
    }

    String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER + "&password=" + password;
    }

    private static void refuseForeign(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new CannotStart(folder + " is not empty, and not a PostgreSQL data folder");
            }
        }
        Files.delete(folder);
    }

    // A crash in the midst of initdb leaves a folder that looks whole, so it works beside and is moved when done.
    private static void make(Path folder, Binaries binaries) throws IOException, InterruptedException {
        Path half = folder.resolveSibling(folder.getFileName() + ".making");
        Path passwordFile = folder.resolveSibling(PASSWORD);
        Binaries.deleteTree(half);
        Files.deleteIfExists(passwordFile);
        Files.writeString(passwordFile, randomPassword());
        binaries.run("initdb",
                List.of("-D", half.toString(), "-U", USER, "-A", "scram-sha-256",
                        "--pwfile=" + passwordFile, "-c", "scram_iterations=1", "-E", "UTF8", "--locale=C",
                        "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        Files.move(passwordFile, half.resolve(PASSWORD));
        Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(folder.getParent(), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private static String randomPassword() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
