package dev.heddle.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/// Nested YAML, read as the text that it is: `1_000`, `010` and `yes` are no numbers or truths before a part says so.
final class YamlFile {
    private static final int MOST_DEPTH = 8;

    private final Map<String, Given> values = new LinkedHashMap<>();
    private final String name;

    private YamlFile(String name) {
        this.name = name;
    }

    /// The values in `path` by their dotted keys; none if there is no such file.
    ///
    /// @throws CannotStart if the file cannot be read, is not UTF-8 or YAML, or holds a list or a key twice
    static Map<String, Given> read(Path path) {
        var file = new YamlFile(String.valueOf(path.getFileName()));
        Node document = file.parse(path);
        if (document != null && document.getTag() != Tag.NULL) {
            file.flatten("", document, 1);
        }
        return Map.copyOf(file.values);
    }

    private @Nullable Node parse(Path path) {
        try {
            return new Yaml().compose(new StringReader(Files.readString(path)));
        } catch (NoSuchFileException _) {
            return null;
        } catch (CharacterCodingException e) {
            throw new CannotStart(name + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new CannotStart(path + " cannot be read: " + e, e);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new CannotStart(name + " line " + line + ": not valid YAML, " + oneLine(e.getProblem()), e);
        } catch (YAMLException e) {
            throw new CannotStart(name + " is not valid YAML: " + oneLine(e.getMessage()), e);
        }
    }

    private void flatten(String prefix, Node node, int depth) {
        if (!(node instanceof MappingNode mapping) || depth > MOST_DEPTH) {
            throw new CannotStart(at(node) + "settings are nested lines of 'name: value'");
        }
        for (NodeTuple pair : mapping.getValue()) {
            if (!(pair.getKeyNode() instanceof ScalarNode name)) {
                throw new CannotStart(at(pair.getKeyNode()) + "the name of a setting must be a word");
            }
            put(prefix + name.getValue(), pair.getValueNode(), depth);
        }
    }

    private void put(String key, Node node, int depth) {
        if (!(node instanceof ScalarNode value)) {
            flatten(key + ".", node, depth + 1);
            return;
        }
        var given = new Given(value.getTag() == Tag.NULL ? "" : value.getValue(), at(node) + "setting '" + key + "'");
        if (values.put(key, given) != null) {
            throw given.refused("is there twice");
        }
    }

    private String at(Node node) {
        return name + " line " + (node.getStartMark().getLine() + 1) + ": ";
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
