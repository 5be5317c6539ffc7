package dev.heddle.json;

import java.math.BigDecimal;

import dev.heddle.web.PlainText;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.NumberDeserializers.BigDecimalDeserializer;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Refuses what could not be stored, wherever it is read: text that [PlainText] forbids, and decimals with an exponent of
/// over 1,000, which few bytes of JSON say and gigabytes of digits would write out.
final class StorableModule extends SimpleModule {
    private static final long serialVersionUID = 1;

    StorableModule() {
        addDeserializer(String.class, new Text());
        addDeserializer(BigDecimal.class, new Decimal());
    }

    private static final class Text extends StringDeserializer {
        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            String text = super.deserialize(parser, context);
            if (text != null && !PlainText.isStorable(text)) {
                return (String) context.handleWeirdStringValue(String.class, text, "plain text");
            }
            return text;
        }
    }

    private static final class Decimal extends BigDecimalDeserializer {
        @Override
        public @Nullable BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
            BigDecimal number = super.deserialize(parser, context);
            if (number != null && !Storable.isStorable(number)) {
                return (BigDecimal) context.handleWeirdNumberValue(BigDecimal.class, number, "a number of this size");
            }
            return number;
        }
    }
}
