package dev.heddle.json;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// Reads a decimal that callers may write as a number or, since many of them know only binary fractions, as a text:
/// `12.5`, `"12.50"`. For the components of a record: `@JsonDeserialize(using = DecimalOrText.class) BigDecimal amount`.
///
/// It is exact: each digit is taken from the text as it stands. As texts, exponents and signs but a minus are refused.
public final class DecimalOrText extends StdDeserializer<BigDecimal> {
    /// How such a component is described: `@Schema(implementation = DecimalOrText.Written.class)`.
    @Schema(name = "Decimal", oneOf = {String.class, BigDecimal.class}, description = "12.5 or \"12.50\"; exact.")
    public interface Written {}

    private static final int MOST_CHARACTERS = 40;
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    public DecimalOrText() {
        super(BigDecimal.class);
    }

    @Override
    public @Nullable BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return context.readValue(parser, BigDecimal.class);
        }
        String text = parser.getString();
        Optional<BigDecimal> decimal = read(text);
        return decimal.isPresent()
                ? decimal.get()
                : (BigDecimal) context.handleWeirdStringValue(BigDecimal.class, text, "a decimal");
    }

    /// The decimal that `text` writes out in at most 40 characters; empty if it is none.
    public static Optional<BigDecimal> read(String text) {
        return text.length() <= MOST_CHARACTERS && DECIMAL.matcher(text).matches()
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }
}
