package dev.heddle.settings;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All settings, each asked for once by the part that it belongs to.
///
/// A value comes from the environment variable `HEDDLE_` plus its key in capitals, with `_` for `.` and `-`
/// (`db.pool.size` is `HEDDLE_DB_POOL_SIZE`), else from the file, else from the default that the part names, which
/// stands for an empty value, too. A setting that no part has asked for is a mistake: [#refuseUnknown()] names it. Not
/// thread-safe.
public final class Settings {
    private static final String PREFIX = "HEDDLE_";

    private final Map<String, Given> file;
    private final Map<String, String> environment;
    private final Set<String> askedKeys = new TreeSet<>();

    private Settings(Map<String, Given> file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment.entrySet().stream().filter(entry -> entry.getKey().startsWith(PREFIX))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// Reads the YAML file at `path`; a file that does not exist counts as empty.
    ///
    /// @throws CannotStart if the file cannot be read, is not YAML in UTF-8, or holds a list or a key twice
    public static Settings read(Path path, Map<String, String> environment) {
        return new Settings(YamlFile.read(path), environment);
    }

    /// The settings whose keys begin with `name` and a dot.
    public Page page(String name) {
        return new Page(this, name);
    }

    /// @throws CannotStart if the file or the environment holds a setting that no part has asked for
    public void refuseUnknown() {
        var unknown = new TreeMap<>(file);
        unknown.keySet().removeAll(askedKeys);
        unknown.entrySet().removeIf(entry -> isEmptySection(entry.getKey(), entry.getValue()));
        Set<String> variables = new TreeSet<>(environment.keySet());
        askedKeys.forEach(key -> variables.remove(variable(key)));
        variables.forEach(name -> unknown.put(name, fromEnvironment(name)));
        if (!unknown.isEmpty()) {
            throw unknown.firstEntry().getValue().refused("is not known");
        }
    }

    /// What somebody wrote for `key`, unless it is empty.
    Optional<Given> given(String key) {
        askedKeys.add(key);
        String variable = variable(key);
        Optional<Given> given = environment.containsKey(variable)
                ? Optional.of(fromEnvironment(variable))
                : Optional.ofNullable(file.get(key));
        return given.filter(value -> !value.text().isEmpty());
    }

    /// The keys that the file holds.
    Set<String> writtenKeys() {
        return file.keySet();
    }

    /// The keys that the parts have asked for.
    Set<String> askedKeys() {
        return Set.copyOf(askedKeys);
    }

    /// A section stays when all its lines have been taken out.
    private boolean isEmptySection(String key, Given value) {
        return value.text().isEmpty() && askedKeys.stream().anyMatch(asked -> asked.startsWith(key + "."));
    }

    private Given fromEnvironment(String variable) {
        return new Given(environment.getOrDefault(variable, ""), "environment: setting " + variable);
    }

    private static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
