package dev.heddle.console;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.heddle.web.MediaType;
import dev.heddle.web.Route;
import dev.heddle.web.Route.Result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The schemas of what is taken and given, made from the records themselves. Those with a name stand in the document's
/// components, under the record's simple name.
final class Schemas {
    private static final Set<Class<?>> ANYTHING = Set.of(Object.class, JsonNode.class);

    private final ModelConverters converters = new ModelConverters();
    private final Components components;
    private final Map<String, Class<?>> named = new HashMap<>();
    private final Set<Class<?>> given = new HashSet<>();

    Schemas(Components components) {
        this.components = components;
        converters.addConverter(new ModelResolver(
                Json.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)));
    }

    /// The schema of a body that a route takes.
    Schema<?> of(Route.Body body) {
        return switch (body.form()) {
            case STREAM -> new StringSchema().format("binary").description("As long as you like.");
            case VALUE, FORM -> taken(body.type());
            case VALUE_OR_TEXTS -> new Schema<>().addAnyOfItem(taken(body.type()))
                    .addAnyOfItem(new ArraySchema().items(new StringSchema()).maxItems(body.mostElements()));
            case OBJECT -> object(body.type());
            case ANY -> new Schema<>().description("Any JSON, or a text.");
            case PATCH -> patch(body.type());
            case LIST -> new ArraySchema().items(taken(body.type())).maxItems(body.mostElements());
        };
    }

    /// The schema of a result that a route gives as `mediaType`.
    Schema<?> of(Result result, String mediaType) {
        return switch (result.shape()) {
            case VALUE -> answer(result.type());
            case LIST -> new ArraySchema().items(answer(result.type()));
            case PAGE -> page(result.type());
            case STREAM, EVENTS, CONTENT -> stream(mediaType);
        };
    }

    /// The schema of what is told of a failure (RFC 9457).
    Schema<?> problem() {
        var error = new ObjectSchema();
        require(error, "loc", new ArraySchema().items(new Schema<>()).description("Where it stands."));
        require(error, "msg", new StringSchema().description("For people."));
        require(error, "type", new StringSchema().description("For programs."));
        var problem = new ObjectSchema();
        for (String name : List.of("type", "title", "detail", "instance", "request_id")) {
            require(problem, name, new StringSchema());
        }
        require(problem, "status", new IntegerSchema());
        problem.addProperty("errors", new ArraySchema().items(error).description("Each value that is refused."));
        components.addSchemas("Problem", problem.description("What went wrong (RFC 9457)."));
        return refer("Problem");
    }

    /// A record that is given has the examples of the body that makes it, `User` those of `UserBody`; its id is 1.
    void lendExamples() {
        components.getSchemas().forEach((name, borrower) -> {
            Schema<?> lender = components.getSchemas().get(name + "Body");
            if (lender != null) {
                lendExamples(lender, borrower);
            }
        });
    }

    private static void lendExamples(Schema<?> lender, Schema<?> borrower) {
        borrower.getProperties().forEach((name, property) -> {
            Schema<?> same = lender.getProperties().get(name);
            if (same != null) {
                property.setExample(same.getExample());
            } else if (name.equals("id")) {
                property.setExample(1);
            }
        });
    }

    /// The schema of a record that is taken: its constraints say what must be there, and null is read where it says so.
    private Schema<?> taken(Class<?> type) {
        Schema<?> reference = reference(type);
        allowNull(type, components.getSchemas().get(type.getSimpleName()));
        return reference;
    }

    private static void allowNull(Class<?> type, Schema<?> schema) {
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = schema.getProperties().get(wireName(component));
            if (property != null && ANYTHING.contains(component.getType())) {
                // To swagger-core an Object is a JSON object; here it is whatever JSON can say.
                property = new Schema<>().description(property.getDescription());
                schema.addProperty(wireName(component), property);
            }
            if (property != null && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                property.setNullable(true);
            }
        }
    }

    private static String wireName(RecordComponent component) {
        return SnakeCaseStrategy.INSTANCE.translate(component.getName());
    }

    private Schema<?> page(Class<?> element) {
        var page = new ObjectSchema();
        require(page, "items", new ArraySchema().items(answer(element)));
        require(page, "next_cursor", new StringSchema().nullable(true).description("Null on the last page."));
        require(page, "has_more", new BooleanSchema());
        return page;
    }

    private static Schema<?> stream(String mediaType) {
        String type = MediaType.of(mediaType);
        if (type.equals(MediaType.JSON)) {
            return new ObjectSchema();
        }
        return type.startsWith("text/") || type.equals(MediaType.NDJSON)
                ? new StringSchema()
                : new StringSchema().format("binary");
    }

    /// The schema of a record that is given: every component is there, and null only where it says so.
    private Schema<?> answer(Class<?> type) {
        Schema<?> reference = reference(type);
        Schema<?> schema = components.getSchemas().get(type.getSimpleName());
        if (type.isRecord() && schema != null && schema.getProperties() != null && given.add(type)) {
            allowNull(type, schema);
            for (RecordComponent component : type.getRecordComponents()) {
                if (schema.getProperties().containsKey(wireName(component)) && !isOptional(component)) {
                    schema.addRequiredItem(wireName(component));
                }
                records(component).forEach(this::answer);
            }
        }
        return reference;
    }

    private static boolean isOptional(RecordComponent component) {
        var said = component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return said != null && said.requiredMode() == RequiredMode.NOT_REQUIRED;
    }

    /// The record that a component is, or holds a list of.
    private static Stream<Class<?>> records(RecordComponent component) {
        Stream<? extends Type> types = component.getGenericType() instanceof ParameterizedType list
                ? Arrays.stream(list.getActualTypeArguments())
                : Stream.of(component.getType());
        return types.filter(Class.class::isInstance).<Class<?>>map(Class.class::cast).filter(Class::isRecord);
    }

    /// The schema of any object, some of whose fields mean what those of `type` do.
    private Schema<?> object(Class<?> type) {
        Schema<?> object = converters.readAllAsResolvedSchema(type).schema;
        allowNull(type, object);
        return object.additionalProperties(true);
    }

    /// The schema of an object that changes a `type`: the same fields, none of them required.
    private Schema<?> patch(Class<?> type) {
        String name = type.getSimpleName() + "Patch";
        if (components.getSchemas().get(name) == null) {
            Schema<?> whole = converters.readAllAsResolvedSchema(type).schema;
            whole.setName(name);
            whole.setRequired(null);
            allowNull(type, whole);
            components.addSchemas(name, whole.description("The fields to change.").additionalProperties(false));
        }
        return refer(name);
    }

    private Schema<?> reference(Class<?> type) {
        Class<?> other = named.putIfAbsent(type.getSimpleName(), type);
        if (other != null && other != type) {
            throw new IllegalStateException(other + " and " + type + " would have one name in the documentation");
        }
        var resolved = converters.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        resolved.referencedSchemas.forEach((name, schema) -> {
            if (!components.getSchemas().containsKey(name)) {
                components.addSchemas(name, schema.additionalProperties(false));
            }
        });
        return resolved.schema;
    }

    private static void require(Schema<?> owner, String name, Schema<?> property) {
        owner.addProperty(name, property);
        owner.addRequiredItem(name);
    }

    private static Schema<?> refer(String name) {
        return new Schema<>().$ref("#/components/schemas/" + name);
    }
}
