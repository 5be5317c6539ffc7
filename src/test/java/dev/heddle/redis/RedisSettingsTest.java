package dev.heddle.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {
    @Test
    void nameNoRedisByDefault() {
        RedisSettings settings = read(Map.of());

        assertEquals(new RedisSettings("", "heddle", 8, Duration.ofMillis(50), Duration.ofSeconds(1)), settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://localhost", "redis://127.0.0.1:6379", "rediss://ada:secret@example.org:6380/2"})
    void takeTheUrlsThatJedisTakes(String url) {
        assertEquals(url, read(Map.of("HEDDLE_REDIS_URL", url)).url());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:6379", "http://localhost", "redis://", "redis:6379", "redis://:secret@",
            "redis:// x"})
    void refuseOtherUrlsWithoutRepeatingThem(String url) {
        var refusal = assertThrows(CannotStart.class, () -> read(Map.of("HEDDLE_REDIS_URL", url)));

        assertFalse(refusal.getMessage().contains("secret@"));
    }

    private static RedisSettings read(Map<String, String> environment) {
        return RedisSettings.read(Settings.read(Path.of("no-such-file.yaml"), environment).page("redis"));
    }
}
