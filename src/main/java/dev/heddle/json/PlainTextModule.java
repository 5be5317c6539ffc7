package dev.heddle.json;

import dev.heddle.web.PlainText;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Refuses in every string that is read what [PlainText] says cannot be stored.
final class PlainTextModule extends SimpleModule {
    private static final long serialVersionUID = 1;

    PlainTextModule() {
        addDeserializer(String.class, new Checked());
    }

    private static final class Checked extends StringDeserializer {
        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            String text = super.deserialize(parser, context);
            if (text != null && !PlainText.isStorable(text)) {
                return (String) context.handleWeirdStringValue(String.class, text, "plain text");
            }
            return text;
        }
    }
}
