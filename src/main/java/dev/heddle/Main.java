package dev.heddle;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogManager;

import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;

/// The program: reads `app.yaml` in the folder it is started in, starts the server, and stops it when told to.
public final class Main {
    private static final Path SETTINGS = Path.of("app.yaml");

    private Main() {
    }

    static void main() throws IOException {
        configureLogging();
        var started = new CompletableFuture<Optional<App>>();
        // Told to stop in the midst of a start, it waits for the end of it, so that there is something to stop.
        Runtime.getRuntime().addShutdownHook(
                Thread.ofPlatform().name("stop").unstarted(() -> started.join().ifPresent(App::close)));
        try {
            App app = App.start(Settings.read(SETTINGS, System.getenv()));
            started.complete(Optional.of(app));
            greet(app);
        } catch (CannotStart e) {
            started.complete(Optional.empty());
            System.err.println("Heddle cannot start: " + e.getMessage());
            System.exit(1);
        } finally {
            started.complete(Optional.empty());
        }
    }

    private static void greet(App app) {
        double seconds = (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1000.0;
        System.out.printf("""
                Heddle answers on %s (ready after %.2f s)
                Data: %s
                Try:  curl %s/items   or open %s/docs
                """, app.address(), seconds, app.dataPlace(), app.address(), app.address());
    }

    /// The settings of `java.util.logging` stand in our jar, unless a system property names others.
    private static void configureLogging() throws IOException {
        if (System.getProperty("java.util.logging.config.file") == null) {
            try (InputStream in = Main.class.getResourceAsStream("/logging.properties")) {
                LogManager.getLogManager().readConfiguration(in);
            }
        }
    }
}
