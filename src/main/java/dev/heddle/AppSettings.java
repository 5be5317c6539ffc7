package dev.heddle;

import java.nio.file.Path;
import java.time.Duration;

import dev.heddle.files.FileSettings;
import dev.heddle.gates.CpuSettings;
import dev.heddle.idempotency.Idempotency;
import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.limits.LimitSettings;
import dev.heddle.mail.MailSettings;
import dev.heddle.redis.RedisSettings;
import dev.heddle.runs.RunSettings;
import dev.heddle.server.ServerSettings;
import dev.heddle.server.ThreadSettings;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;
import dev.heddle.standins.LabUpstream;
import dev.heddle.upstream.Upstreams;

/// All that the parts want to know, read before any of them is started. `data` is the folder of the embedded database.
public record AppSettings(Path data, DatabaseSettings database, ServerSettings server, ThreadSettings threads,
        CpuSettings cpu, RunSettings tasks, FileSettings files, RedisSettings redis, LimitSettings limits,
        Upstreams.All upstreams, Duration labDelay, Duration keptAnswers, MailSettings mail) {

    /// @throws CannotStart if a value is refused, or a setting is not known to any part
    public static AppSettings read(Settings settings) {
        try {
            var read = new AppSettings(Path.of(settings.page("data").text("folder", "data")),
                    DatabaseSettings.read(settings.page("db")),
                    ServerSettings.read(settings.page("server"), settings.page("cors")),
                    ThreadSettings.read(settings.page("threads")), CpuSettings.read(settings.page("cpu")),
                    RunSettings.read(settings.page("tasks")), FileSettings.read(settings.page("files")),
                    RedisSettings.read(settings.page("redis")), LimitSettings.read(settings.page("rate-limit")),
                    Upstreams.All.read(settings), LabUpstream.delay(settings.page("lab")),
                    Idempotency.kept(settings.page("idempotency")),
                    MailSettings.read(settings.page("mail")));
            settings.refuseUnknown();
            return read;
        } catch (IllegalArgumentException e) {
            // What no single reading can see, such as one bound above another, the parts' own constructors refuse.
            throw new CannotStart("a setting is refused: " + e.getMessage(), e);
        }
    }
}
