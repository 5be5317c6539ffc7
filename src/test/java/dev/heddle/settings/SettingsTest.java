package dev.heddle.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.heddle.AppSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Path SHIPPED = Path.of("app.yaml");

    @TempDir
    private Path folder;

    @Test
    void theShippedFileHoldsEverySettingAndNoOther() {
        Settings shipped = Settings.read(SHIPPED, Map.of());

        AppSettings.read(shipped);

        assertEquals(shipped.askedKeys(), shipped.writtenKeys());
    }

    @Test
    void theShippedFileHoldsTheDefaults() throws IOException {
        AppSettings defaults = read("");

        AppSettings shipped = AppSettings.read(Settings.read(SHIPPED, Map.of()));

        assertEquals(defaults, shipped);
    }

    @Test
    void aFileThatIsNotThereIsAnEmptyOne() throws IOException {
        AppSettings absent = AppSettings.read(Settings.read(folder.resolve("none.yaml"), Map.of()));

        assertEquals(read(""), absent);
        assertEquals(read("# nothing but words\n"), absent);
        assertEquals(read("server:\ndb: ~\n"), absent);
    }

    @Test
    void theFileWinsOverTheDefaultAndTheEnvironmentOverTheFile() throws IOException {
        String file = "server: {port: 9000, deadline: 2 s}\ndb.pool.size: 7\n";

        AppSettings read = read(file,
                Map.of("HEDDLE_DB_POOL_SIZE", " 40 ", "HEDDLE_SERVER_DEADLINE", "", "PATH", "/bin"));

        assertEquals(9_000, read.server().port());
        assertEquals(40, read.database().pool().maximum());
        assertEquals(Duration.ofSeconds(30), read.server().deadline(), "an empty value is the default");
    }

    @Test
    void aNumberIsReadAsItIsWritten() throws IOException {
        assertEquals(8, read("server: {port: '8'}").server().port());
        assertEquals(10, read("server: {port: 010}").server().port(), "no octal number");
        assertRefused("server: {port: 8_080}", "app.yaml line 1: setting 'server.port' must be a whole number "
                + "from 0 to 65535, not '8_080'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            port: many           | server.port          | a whole number from 0 to 65535             | many
            port: 65536          | server.port          | a whole number from 0 to 65535             | 65536
            port: -1             | server.port          | a whole number from 0 to 65535             | -1
            port: 8.0            | server.port          | a whole number from 0 to 65535             | 8.0
            port: 99999999999    | server.port          | a whole number from 0 to 65535             | 99999999999
            max-body: 1MB        | server.max-body      | a size such as 64KiB or 16MiB, from 1KiB to 64MiB     | 1MB
            max-body: 65MiB      | server.max-body      | a size such as 64KiB or 16MiB, from 1KiB to 64MiB     | 65MiB
            max-body: 1023       | server.max-body      | a size such as 64KiB or 16MiB, from 1KiB to 64MiB     | 1023
            max-body: 999999GiB  | server.max-body      | a size such as 64KiB or 16MiB, from 1KiB to 64MiB     | 999999GiB
            deadline: 30         | server.deadline      | a time such as 250ms, 30s, 10m, 24h or 7d, from 1ms to 1h | 30
            deadline: 1.5s       | server.deadline      | a time such as 250ms, 30s, 10m, 24h or 7d, from 1ms to 1h | 1.5s
            deadline: soon       | server.deadline      | a time such as 250ms, 30s, 10m, 24h or 7d, from 1ms to 1h | soon
            deadline: 61m        | server.deadline      | a time such as 250ms, 30s, 10m, 24h or 7d, from 1ms to 1h | 61m
            """)
    void aRefusedValueIsToldWithWhatIsWanted(String line, String key, String wanted, String given) {
        assertRefused("server:\n  " + line + "\n",
                "app.yaml line 2: setting '" + key + "' must be " + wanted + ", not '" + given + "'");
    }

    @Test
    void aRefusedValueOfTheEnvironmentIsToldByItsVariable() {
        String sentence = assertThrows(CannotStart.class, () -> read("", Map.of("HEDDLE_SERVER_STALL", "1ms")))
                .getMessage();

        assertEquals("environment: setting HEDDLE_SERVER_STALL must be a time such as 250ms, 30s, 10m, 24h or 7d, "
                + "from 10ms to 1h, not '1ms'", sentence);
    }

    @Test
    void theBoundsThemselvesAreAccepted() throws IOException {
        AppSettings least = read("server: {port: 0, max-body: 1KiB, deadline: 1ms}");
        AppSettings most = read("server: {port: 65535, max-body: 64MiB, max-list-body: 65536KiB, deadline: 60m}");

        assertEquals(1_024, least.server().maxBodyBytes());
        assertEquals(64 << 20, most.server().maxListBytes());
        assertEquals(Duration.ofHours(1), most.server().deadline());
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertRefused("server: {max-body: 33MiB}", "a setting is refused: max-list-body must be at least max-body");
        assertRefused("db: {url: 'mysql://elsewhere'}",
                "a setting is refused: db.url does not begin with jdbc:postgresql:");
    }

    @Test
    void anUnknownSettingIsNamed() {
        assertRefused("server:\n  port: 1\n  prot: 2\n", "app.yaml line 3: setting 'server.prot' is not known");
        assertRefused("port: 1\n", "app.yaml line 1: setting 'port' is not known");
        assertRefused("server: {port: {least: 1}}", "app.yaml line 1: setting 'server.port.least' is not known");
    }

    @Test
    void anUnknownSettingOfTheEnvironmentIsNamed() {
        String sentence = assertThrows(CannotStart.class, () -> read("", Map.of("HEDDLE_SERVER_PROT", "1")))
                .getMessage();

        assertEquals("environment: setting HEDDLE_SERVER_PROT is not known", sentence);
    }

    @Test
    void brokenYamlIsToldWithItsLine() {
        assertRefused("server:\n  port: 1\n host: x\n", "app.yaml line 3: not valid YAML, "
                + "expected <block end>, but found '<block mapping start>'");
        assertRefused("server:\n\tport: 1\n", "app.yaml line 2: not valid YAML, "
                + "found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)");
        assertRefused("a: 1\n---\nb: 2\n",
                "app.yaml line 2: not valid YAML, but found another document");
        assertRefused("a: \u0001\n", "app.yaml is not valid YAML: special characters are not allowed");
    }

    @Test
    void aSettingThatIsThereTwiceIsRefused() {
        assertRefused("server:\n  port: 1\n  port: 2\n", "app.yaml line 3: setting 'server.port' is there twice");
        assertRefused("server:\n  port: 1\nserver.port: 2\n", "app.yaml line 3: setting 'server.port' is there twice");
    }

    @Test
    void whatIsNoNestedSettingIsRefused() {
        String rule = "settings are nested lines of 'name: value'";

        assertRefused("- server\n", "app.yaml line 1: " + rule);
        assertRefused("server:\n  - port: 1\n", "app.yaml line 2: " + rule);
        assertRefused("just words\n", "app.yaml line 1: " + rule);
        assertRefused("server: &again\n  more: *again\n", "app.yaml line 1: " + rule);
        assertRefused("? [a, b]\n: 1\n", "app.yaml line 1: the name of a setting must be a word");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Path file = folder.resolve("app.yaml");
        Files.write(file, "server: {host: caf\u00e9}".getBytes(StandardCharsets.ISO_8859_1));

        CannotStart refusal = assertThrows(CannotStart.class, () -> Settings.read(file, Map.of()));

        assertEquals("app.yaml is not UTF-8 text", refusal.getMessage());
    }

    @Test
    void aFolderInPlaceOfTheFileIsRefused() {
        CannotStart refusal = assertThrows(CannotStart.class, () -> Settings.read(folder, Map.of()));

        assertTrue(refusal.getMessage().startsWith(folder + " cannot be read: "), refusal.getMessage());
    }

    private void assertRefused(String yaml, String sentence) {
        assertEquals(sentence, assertThrows(CannotStart.class, () -> read(yaml)).getMessage());
    }

    private AppSettings read(String yaml) throws IOException {
        return read(yaml, Map.of());
    }

    private AppSettings read(String yaml, Map<String, String> environment) throws IOException {
        return AppSettings.read(Settings.read(Files.writeString(folder.resolve("app.yaml"), yaml), environment));
    }
}
