package dev.heddle.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.web.FieldError;
import dev.heddle.web.PlainText;

import tools.jackson.databind.JsonNode;

/// What [StorableModule] refuses where a type is wanted, found in a tree that may hold anything.
final class Storable {
    private static final int MOST_SCALE = 1_000;
    private static final int MOST_PROBLEMS = 100;

    private Storable() {
    }

    static boolean isStorable(BigDecimal number) {
        return number.scale() <= MOST_SCALE && number.scale() >= -MOST_SCALE;
    }

    /// Adds to `problems`, which grows to at most 100, each text and number of `tree` that could not be stored.
    static void check(JsonNode tree, List<FieldError> problems) {
        check(tree, List.of(), problems);
    }

    private static void check(JsonNode node, List<Object> place, List<FieldError> problems) {
        if (problems.size() >= MOST_PROBLEMS) {
            return;
        }
        if (node.isObject()) {
            node.properties().forEach(field -> {
                text(field.getKey(), place, problems);
                check(field.getValue(), within(place, field.getKey()), problems);
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                check(node.get(i), within(place, i), problems);
            }
        } else if (node.isString()) {
            text(node.asString(), place, problems);
        } else if (node.isBigDecimal() && !isStorable(node.decimalValue())) {
            problems.add(Wanted.error(place, BigDecimal.class));
        }
    }

    private static void text(String text, List<Object> place, List<FieldError> problems) {
        if (!PlainText.isStorable(text) && problems.size() < MOST_PROBLEMS) {
            problems.add(
                    new FieldError(place, "must not hold \\u0000 or half of a surrogate pair", "string_unstorable"));
        }
    }

    private static List<Object> within(List<Object> place, Object step) {
        var longer = new ArrayList<Object>(place);
        longer.add(step);
        return longer;
    }
}
