package dev.heddle.console;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.heddle.server.Statuses;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;
import dev.heddle.web.Route.Result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import org.jspecify.annotations.Nullable;

/// The list of routes, said in OpenAPI 3.0.
final class OpenApi {
    private static final String PROBLEM = "application/problem+json";

    private final ModelConverters converters = new ModelConverters();
    private final Components components = new Components();

    private OpenApi() {
        converters.addConverter(new ModelResolver(
                Json.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)));
    }

    /// The document as JSON.
    static byte[] of(List<Route> routes) {
        return new OpenApi().document(routes).getBytes(StandardCharsets.UTF_8);
    }

    private String document(List<Route> routes) {
        var api = new OpenAPI().components(components)
                .info(new Info().title("Heddle").version("0.1")
                        .description("Users, items and the experiments of the async guides, in plain blocking Java.")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .addServersItem(new Server().url("/").description("This server."))
                .security(List.of());
        components.addSchemas("Problem", problemSchema());
        for (Route route : routes) {
            if (route.isListed()) {
                add(api, route);
            }
        }
        return Json.pretty(api);
    }

    private void add(OpenAPI api, Route route) {
        PathItem path = api.getPaths() == null ? null : api.getPaths().get(route.path());
        if (path == null) {
            path = new PathItem();
            api.path(route.path(), path);
        }
        path.operation(PathItem.HttpMethod.valueOf(route.method().name()), operation(route));
    }

    private Operation operation(Route route) {
        var operation = new Operation().operationId(operationId(route)).summary(route.summary())
                .addTagsItem(tag(route.path()));
        route.parameters().forEach(parameter -> operation.addParametersItem(parameter(parameter)));
        route.body().ifPresent(body -> operation.requestBody(body(body)));
        return operation.responses(responses(route));
    }

    private static String operationId(Route route) {
        String words = route.path().replaceAll("[{}]", "").replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
        return route.method().name().toLowerCase(Locale.ROOT) + (words.isEmpty() ? "_root" : "_" + words);
    }

    private static String tag(String path) {
        String first = path.substring(1).split("/")[0];
        return first.isEmpty() ? "console" : first;
    }

    private static io.swagger.v3.oas.models.parameters.Parameter parameter(Parameter<?> parameter) {
        return new io.swagger.v3.oas.models.parameters.Parameter()
                .in(parameter.place().name().toLowerCase(Locale.ROOT)).name(parameter.name())
                .description(parameter.summary()).required(parameter.fallback().isEmpty()).schema(schema(parameter));
    }

    private static Schema<?> schema(Parameter<?> parameter) {
        Parameter.Bounds bounds = parameter.bounds();
        if (bounds.type().equals("string")) {
            return new StringSchema().minLength((int) bounds.least()).maxLength((int) bounds.most());
        }
        var schema = new IntegerSchema().format(bounds.most() > Integer.MAX_VALUE ? "int64" : "int32");
        parameter.fallback().filter(Integer.class::isInstance).ifPresent(schema::setDefault);
        schema.minimum(java.math.BigDecimal.valueOf(bounds.least()))
                .maximum(java.math.BigDecimal.valueOf(bounds.most()));
        return schema;
    }

    private RequestBody body(Route.Body body) {
        Schema<?> schema = switch (body.form()) {
            case STREAM -> new StringSchema().format("binary");
            case VALUE -> schema(body.type());
            case PATCH -> patchSchema(body.type());
            case LIST -> new ArraySchema().items(schema(body.type())).maxItems(body.mostElements());
        };
        var content = new Content();
        body.mediaTypes().forEach(type -> content.addMediaType(type,
                new io.swagger.v3.oas.models.media.MediaType().schema(schema)));
        return new RequestBody().required(true).content(content);
    }

    private ApiResponses responses(Route route) {
        var responses = new ApiResponses();
        responses.addApiResponse(String.valueOf(Statuses.code(route.result().meaning())), success(route));
        for (int code : failureCodes(route)) {
            responses.addApiResponse(String.valueOf(code), problem("The request is refused."));
        }
        return responses.addApiResponse("default", problem("The request cannot be answered now."));
    }

    private ApiResponse success(Route route) {
        Result result = route.result();
        var response = new ApiResponse().description("Done.");
        if (result.meaning() == Result.Meaning.CREATED) {
            response.addHeaderObject("Location", new Header().description("Where it is.").schema(new StringSchema()));
        }
        if (result.meaning() == Result.Meaning.NOTHING) {
            return response;
        }
        return response.content(content(MediaType.of(result.mediaType()), switch (result.shape()) {
            case VALUE -> answerSchema(result.type());
            case LIST -> new ArraySchema().items(answerSchema(result.type()));
            case PAGE -> pageSchema(result.type());
            case STREAM -> new StringSchema();
        }));
    }

    /// Those that the route names, and those that follow from what it takes.
    private static Set<Integer> failureCodes(Route route) {
        var kinds = new TreeSet<>(route.failures());
        if (!route.parameters().isEmpty() || route.body().isPresent()) {
            kinds.addAll(List.of(Kind.UNREADABLE, Kind.INVALID));
        }
        if (route.body().isPresent()) {
            kinds.addAll(List.of(Kind.TOO_LARGE, Kind.UNSUPPORTED_TYPE));
        }
        var codes = new TreeSet<Integer>();
        kinds.forEach(kind -> codes.add(Statuses.code(kind)));
        return codes;
    }

    private static ApiResponse problem(String description) {
        return new ApiResponse().description(description)
                .content(content(PROBLEM, new Schema<>().$ref("#/components/schemas/Problem")));
    }

    private static Content content(String mediaType, Schema<?> schema) {
        return new Content().addMediaType(mediaType, new io.swagger.v3.oas.models.media.MediaType().schema(schema));
    }

    private Schema<?> pageSchema(Class<?> element) {
        return object("items", new ArraySchema().items(answerSchema(element)), "next_cursor",
                new StringSchema().nullable(true), "has_more", new BooleanSchema());
    }

    /// The schema of a record that we send: every component is there, and null only where it says so.
    private Schema<?> answerSchema(Class<?> type) {
        Schema<?> reference = schema(type);
        Schema<?> schema = components.getSchemas().get(type.getSimpleName());
        if (schema == null || !type.isRecord() || schema.getProperties() == null) {
            return reference;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String name = PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
            Schema<?> property = schema.getProperties().get(name);
            if (property != null) {
                if (!isOptional(component)) {
                    schema.addRequiredItem(name);
                }
                property.setNullable(component.getAnnotatedType().isAnnotationPresent(Nullable.class) ? true : null);
            }
            recordIn(component).ifPresent(this::answerSchema);
        }
        return reference;
    }

    private static boolean isOptional(RecordComponent component) {
        var said = component.getAccessor().getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return said != null
                && said.requiredMode() == io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;
    }

    /// The record that a component is, or is a list of.
    private static Optional<Class<?>> recordIn(RecordComponent component) {
        Type type = component.getGenericType() instanceof ParameterizedType list
                ? list.getActualTypeArguments()[0]
                : component.getType();
        return type instanceof Class<?> found && found.isRecord() ? Optional.of(found) : Optional.empty();
    }

    /// The schema of an object that changes a `type`: the same fields, none of them required.
    private Schema<?> patchSchema(Class<?> type) {
        String name = type.getSimpleName() + "Patch";
        if (components.getSchemas().get(name) == null) {
            Schema<?> whole = converters.readAllAsResolvedSchema(type).schema;
            whole.setName(name);
            whole.setRequired(null);
            components.addSchemas(name, whole.description("The fields to change."));
        }
        return new Schema<>().$ref("#/components/schemas/" + name);
    }

    private Schema<?> schema(Class<?> type) {
        var resolved = converters.resolveAsResolvedSchema(new AnnotatedType(type).resolveAsRef(true));
        resolved.referencedSchemas.forEach((name, schema) -> {
            if (components.getSchemas() == null || !components.getSchemas().containsKey(name)) {
                components.addSchemas(name, schema.additionalProperties(false));
            }
        });
        return resolved.schema;
    }

    private static Schema<?> problemSchema() {
        Schema<?> error = object("loc", new ArraySchema().items(new Schema<>()), "msg", new StringSchema(), "type",
                new StringSchema());
        Schema<?> problem = object("type", new StringSchema(), "title", new StringSchema(), "status",
                new IntegerSchema().example(404), "detail", new StringSchema(), "instance", new StringSchema(),
                "request_id", new StringSchema());
        problem.addProperty("errors", new ArraySchema().items(error));
        problem.setDescription("What went wrong (RFC 9457).");
        return problem;
    }

    /// An object with just these properties, given as name, schema, name, schema, all of them required.
    private static Schema<?> object(Object... namesAndSchemas) {
        var schema = new ObjectSchema();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            schema.addProperty((String) namesAndSchemas[i], (Schema<?>) namesAndSchemas[i + 1]);
            schema.addRequiredItem((String) namesAndSchemas[i]);
        }
        return schema;
    }
}
