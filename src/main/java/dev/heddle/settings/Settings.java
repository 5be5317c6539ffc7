package dev.heddle.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// All settings, each asked for once by the part that it belongs to.
///
/// A value comes from the environment variable `HEDDLE_` plus its key in capitals, with `_` for `.` and `-`
/// (`db.pool.size` is `HEDDLE_DB_POOL_SIZE`), else from the file, else from the default that the part names.
/// A setting that no part has asked for is a mistake: [#refuseUnknown()] names it. Not thread-safe.
public final class Settings {
    private static final String PREFIX = "HEDDLE_";

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Set<String> askedKeys = new TreeSet<>();

    private Settings(Map<String, String> file, Map<String, String> environment) {
        this.file = Map.copyOf(file);
        this.environment = environment.entrySet().stream().filter(entry -> entry.getKey().startsWith(PREFIX))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// Reads the YAML file at `path`; a file that does not exist counts as empty.
    ///
    /// @throws CannotStart if the file cannot be read, is not YAML, or holds a list or a key twice
    public static Settings read(Path path, Map<String, String> environment) {
        var values = new LinkedHashMap<String, String>();
        flatten("", load(path), values, path);
        return new Settings(values, environment);
    }

    /// The settings whose keys begin with `name` and a dot.
    public Page page(String name) {
        return new Page(this, name);
    }

    /// @throws CannotStart if the file or the environment holds a setting that no part has asked for
    public void refuseUnknown() {
        for (String key : new TreeSet<>(file.keySet())) {
            if (!askedKeys.contains(key)) {
                throw new CannotStart("app.yaml: unknown setting '" + key + "'");
            }
        }
        Set<String> known = askedKeys.stream().map(Settings::variable).collect(Collectors.toSet());
        for (String name : new TreeSet<>(environment.keySet())) {
            if (!known.contains(name)) {
                throw new CannotStart("environment: unknown setting '" + name + "'");
            }
        }
    }

    Optional<String> value(String key) {
        askedKeys.add(key);
        return Optional.ofNullable(environment.get(variable(key))).or(() -> Optional.ofNullable(file.get(key)));
    }

    private static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static Object load(Path path) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Object document = new Yaml(new SafeConstructor(options)).load(Files.readString(path));
            return document == null ? Map.of() : document;
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (CharacterCodingException e) {
            throw new CannotStart(path + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new CannotStart(path + " cannot be read: " + e.getMessage(), e);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new CannotStart(path + " is not valid YAML, line " + line + ": " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new CannotStart(path + " is not valid YAML: " + firstLine(e.getMessage()), e);
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("unreadable");
    }

    private static void flatten(String prefix, Object node, Map<String, String> into, Path path) {
        if (!(node instanceof Map<?, ?> map)) {
            throw new CannotStart(path + " must hold settings as 'name: value' lines");
        }
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = prefix + entry.getKey();
            switch (entry.getValue()) {
                case null -> into.put(key, "");
                case Map<?, ?> inner -> flatten(key + ".", inner, into, path);
                case Iterable<?> list -> into.put(key, joined(list));
                case Object value -> into.put(key, value.toString());
            }
        }
    }

    private static String joined(Iterable<?> list) {
        var text = new StringBuilder();
        for (Object value : list) {
            text.append(text.isEmpty() ? "" : ",").append(value);
        }
        return text.toString();
    }
}
