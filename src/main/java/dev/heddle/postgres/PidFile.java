package dev.heddle.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What `postmaster.pid` says: which process serves the folder, and on which port (PostgreSQL source,
/// `src/include/utils/pidfile.h`: line 1 the process id, line 4 the port). What it says may be long out of date.
record PidFile(long pid, int port) {

    static Path path(Path folder) {
        return folder.resolve("postmaster.pid");
    }

    /// Empty if there is no such file, or none that can be understood.
    static Optional<PidFile> read(Path folder) throws IOException {
        try {
            List<String> lines = new String(Files.readAllBytes(path(folder))).lines().map(String::strip).toList();
            return lines.size() < 4
                    ? Optional.empty()
                    : Optional.of(new PidFile(Long.parseLong(lines.get(0)), Integer.parseInt(lines.get(3))));
        } catch (NoSuchFileException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// The process that it names, if that lives and does serve `folder`: the number may be another program's by now.
    Optional<ProcessHandle> process(Path folder) {
        return ProcessHandle.of(pid).filter(process -> serves(process, folder));
    }

    /// The process that serves `folder`, found by looking at all processes.
    static Optional<ProcessHandle> search(Path folder) {
        return ProcessHandle.allProcesses().filter(process -> serves(process, folder))
                .filter(process -> process.parent().filter(parent -> serves(parent, folder)).isEmpty()).findFirst();
    }

    // A postmaster works within its folder, which /proc shows even after the folder was renamed.
    private static boolean serves(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")).equals(folder);
        } catch (NoSuchFileException _) {
            String[] arguments = process.info().arguments().orElse(new String[0]);
            return process.isAlive() && Arrays.asList(arguments).contains(folder.toString());
        } catch (IOException _) {
            return false; // a process of another user, or one that is just ending
        }
    }
}
