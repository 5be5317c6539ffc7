package dev.heddle.images;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.heddle.formats.Dimensions;
import dev.heddle.web.FieldError;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/// What a caller wants to be done to a picture: `resize` has a `width` and a `height`, `rotate` an `angle` in degrees
/// clockwise, `thumbnail` a `size` that no side will be longer than.
@Valid
public record OperationBody(
        @Schema(example = "thumbnail") @NotNull
        // The type decides which of the others must be there; see below.
        @Pattern(regexp = "resize|rotate|thumbnail", message = "enum|must be resize, rotate or thumbnail") String type,
        @Schema(nullable = true) @Min(1) @Max(OperationBody.LONGEST_SIDE) @Nullable Integer width,
        @Schema(nullable = true) @Min(1) @Max(OperationBody.LONGEST_SIDE) @Nullable Integer height,
        @Schema(nullable = true) @Min(-360) @Max(360) @Nullable Integer angle,
        @Schema(nullable = true, example = "256") @Min(1) @Max(OperationBody.LONGEST_SIDE) @Nullable Integer size) {
    static final int LONGEST_SIDE = 10_000;

    private static final Map<String, Set<String>> NEEDED = Map.of("resize", Set.of("width", "height"), "rotate",
            Set.of("angle"), "thumbnail", Set.of("size"));

    /// What `bodies` ask to be done, one after the other, to a picture of size `start`. Each is a body whose constraints
    /// have been checked; what else is wrong, such as an outcome of over `mostPixels` pixels, is added to `errors`, with
    /// its place in the list.
    public static List<Operation> operations(List<OperationBody> bodies, Dimensions start, long mostPixels,
            List<FieldError> errors) {
        var operations = new ArrayList<Operation>();
        Dimensions size = start;
        for (int i = 0; i < bodies.size(); i++) {
            Object place = i;
            List<FieldError> misfits = bodies.get(i).misfits();
            misfits.forEach(error -> errors.add(error.within(place)));
            if (misfits.isEmpty()) {
                Operation operation = bodies.get(i).operation();
                size = operation.after(size);
                operations.add(operation);
                if (size.pixels() > mostPixels) {
                    errors.add(
                            new FieldError(List.of(place), "makes more than " + mostPixels + " pixels", "too_large"));
                    return operations;
                }
            }
        }
        return operations;
    }

    /// What belongs to this type and is missing, or is there and belongs to another.
    private List<FieldError> misfits() {
        var said = new HashMap<String, @Nullable Integer>();
        said.put("width", width);
        said.put("height", height);
        said.put("angle", angle);
        said.put("size", size);
        var errors = new ArrayList<FieldError>();
        said.forEach((name, value) -> {
            boolean isNeeded = NEEDED.getOrDefault(type, Set.of()).contains(name);
            if (isNeeded && value == null) {
                errors.add(new FieldError(List.of(name), "is required", "missing"));
            } else if (!isNeeded && value != null) {
                errors.add(new FieldError(List.of(name), "does not belong to " + type, "extra_forbidden"));
            }
        });
        return errors;
    }

    private Operation operation() {
        return switch (type) {
            case "resize" -> new Operation.Resize(new Dimensions(number(width), number(height)));
            case "rotate" -> new Operation.Rotate(number(angle));
            default -> new Operation.Thumbnail(number(size));
        };
    }

    private static int number(@Nullable Integer value) {
        if (value == null) {
            throw new IllegalStateException("was looked for before");
        }
        return value;
    }
}
