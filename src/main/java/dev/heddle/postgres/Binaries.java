package dev.heddle.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.heddle.settings.CannotStart;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.lang3.SystemUtils;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from the archive that zonky's jar holds.
///
/// Zonky would unpack them too, but into the shared temporary folder, where it trusts what lies there already, a file
/// cut short included (`EmbeddedPostgres.extractTxz`, 2.2.2). Here a folder that bears its final name is complete.
final class Binaries {
    /// The version that the build brings along; a test compares it with the server's own word.
    static final String VERSION = "18.6";

    private final Path folder;

    private Binaries(Path folder) {
        this.folder = folder;
    }

    /// @throws CannotStart if there are none for this machine, or `parent` cannot be written
    static Binaries unpackedIn(Path parent) {
        Path folder = parent.resolve("postgres-" + VERSION);
        try {
            if (!Files.isDirectory(folder)) {
                unpack(parent, folder);
            }
            return new Binaries(folder);
        } catch (IOException | IllegalStateException e) {
            throw new CannotStart("PostgreSQL cannot be unpacked into " + folder + ": " + e.getMessage(), e);
        }
    }

    /// Runs one of the programs to its end and returns what it printed.
    ///
    /// @throws ToolFailed if it ends with anything but 0
    String run(String tool, List<String> arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command(tool, arguments)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new ToolFailed(tool, output);
        }
        return output;
    }

    private List<String> command(String tool, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root; within a user namespace of its own it is nobody.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(folder.resolve("bin").resolve(tool).toString());
        command.addAll(arguments);
        return command;
    }

    private static boolean isRoot() throws IOException {
        return SystemUtils.IS_OS_LINUX && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static void unpack(Path parent, Path folder) throws IOException {
        Files.createDirectories(parent);
        Path half = Files.createTempDirectory(parent, "unpacking-");
        try {
            extract(half);
            move(half, folder);
        } finally {
            deleteTree(half);
        }
    }

    private static void move(Path half, Path folder) throws IOException {
        try {
            Files.move(half, folder);
        } catch (IOException e) {
            // Another process that shares the folder may have been quicker; then its work is as good.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    private static void extract(Path folder) throws IOException {
        String system = SystemUtils.IS_OS_MAC ? "Darwin" : SystemUtils.IS_OS_WINDOWS ? "Windows" : "Linux";
        String machine = SystemUtils.OS_ARCH.toLowerCase(Locale.ROOT).equals("amd64") ? "x86_64" : SystemUtils.OS_ARCH;
        try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
                var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                place(entry, tar, folder.resolve(entry.getName()).normalize());
            }
        }
    }

    private static void place(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
        Files.createDirectories(entry.isDirectory() ? target : target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, target);
            if (target.getParent().endsWith("bin")) {
                target.toFile().setExecutable(true);
            }
        }
    }

    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
