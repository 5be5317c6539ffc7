package dev.heddle.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

import dev.heddle.web.FieldError;

import io.avaje.validation.ConstraintViolation;
import io.avaje.validation.Validator;
import tools.jackson.databind.JsonNode;

/// The constraints that a type declares by annotations (`@Size`, `@Min`, …), which also become the schema in
/// `/openapi.json`. What each says when it is broken stands in `Constraints.properties`.
public final class Constraints {
    /// By its name, and in one language: a bundle that is handed over is asked only where the machine's own language is
    /// the bundle's, and the validator speaks the machine's otherwise.
    private static final Validator VALIDATOR = Validator.builder().setDefaultLocale(Locale.ENGLISH)
            .addResourceBundles("dev.heddle.json.Constraints").build();
    private static final int MOST_PROBLEMS = 100;

    private Constraints() {
    }

    /// Adds to `problems`, which grows to at most 100, each constraint that `value` breaks at a place that has no
    /// problem yet. The elements of a list are checked one by one.
    public static void check(Object value, List<FieldError> problems) {
        if (value instanceof JsonNode) {
            // A tree may hold anything, so it has no constraints.
            return;
        }
        if (!(value instanceof List<?> list)) {
            checkOne(value, List.of(), problems);
            return;
        }
        for (int i = 0; i < list.size() && problems.size() < MOST_PROBLEMS; i++) {
            if (list.get(i) != null) {
                checkOne(list.get(i), List.of(i), problems);
            } else if (!isNamed(i, problems)) {
                problems.add(new FieldError(List.of(i), "must not be null", "missing"));
            }
        }
    }

    /// An element that could not be bound is null, too, and has its problem already.
    private static boolean isNamed(int element, List<FieldError> problems) {
        for (FieldError problem : problems) {
            if (!problem.loc().isEmpty() && problem.loc().getFirst().equals(element)) {
                return true;
            }
        }
        return false;
    }

    private static void checkOne(Object value, List<Object> place, List<FieldError> problems) {
        var known = new HashSet<List<Object>>();
        problems.forEach(problem -> known.add(problem.loc()));
        for (ConstraintViolation violation : VALIDATOR.check(value)) {
            var loc = new ArrayList<Object>(place);
            loc.addAll(location(violation.path()));
            if (known.add(loc) && problems.size() < MOST_PROBLEMS) {
                problems.add(error(loc, violation.message()));
            }
        }
    }

    /// A message is written as `type|sentence`.
    private static FieldError error(List<Object> loc, String message) {
        int bar = message.indexOf('|');
        return new FieldError(loc, message.substring(bar + 1), bar < 0 ? "value_error" : message.substring(0, bar));
    }

    /// `emails[3].address` as `emails`, 3, `address`, each name in snake_case as callers know it.
    private static List<Object> location(String path) {
        var loc = new ArrayList<Object>();
        for (String step : path.split("[.\\[\\]]+")) {
            if (!step.isEmpty()) {
                loc.add(Character.isDigit(step.charAt(0)) ? (Object) Integer.valueOf(step) : snakeCase(step));
            }
        }
        return loc;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
