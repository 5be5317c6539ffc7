package dev.heddle.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;

import dev.heddle.web.FieldError;

import io.avaje.validation.ConstraintViolation;
import io.avaje.validation.Validator;

/// The constraints that a type declares by annotations (`@Size`, `@Min`, …), which also become the schema in
/// `/openapi.json`. What each says when it is broken stands in `Constraints.properties`.
public final class Constraints {
    private static final Validator VALIDATOR = Validator.builder()
            .addResourceBundles(ResourceBundle.getBundle("dev.heddle.json.Constraints")).build();
    private static final int MOST_PROBLEMS = 100;

    private Constraints() {
    }

    /// Adds to `problems`, which grows to at most 100, each constraint that `value` breaks at a place that has no
    /// problem yet. The elements of a list are checked one by one.
    public static void check(Object value, List<FieldError> problems) {
        if (!(value instanceof List<?> list)) {
            checkOne(value, List.of(), problems);
            return;
        }
        for (int i = 0; i < list.size() && problems.size() < MOST_PROBLEMS; i++) {
            if (list.get(i) != null) {
                checkOne(list.get(i), List.of(i), problems);
            } else if (problems.isEmpty()) {
                problems.add(new FieldError(List.of(i), "must not be null", "missing"));
            }
        }
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
