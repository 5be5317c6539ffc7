package dev.heddle.console;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.heddle.web.Failure.Kind;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.servers.Server;

/// The list of routes, said in OpenAPI 3.0.
final class OpenApi {
    private static final String ABOUT = """
            Users and items on PostgreSQL, in plain blocking Java: one virtual thread a request.

            A failure is `application/problem+json` (RFC 9457); a 422 names every value that is refused. A request is \
            given up after 30 s, or after the milliseconds of its header `X-Timeout-Ms` (1 to 120,000) if that is \
            sooner. Every answer carries `X-Request-Id`, which is yours if you send one, and `X-Process-Time` in \
            seconds. HEAD works where GET does.""";

    private final Components components = new Components();
    private final Schemas schemas = new Schemas(components);
    private final Answers answers = new Answers(components, schemas);
    private final OpenAPI api = new OpenAPI().components(components);

    private OpenApi() {
    }

    /// The document as JSON.
    static byte[] of(List<Route> routes) {
        return new OpenApi().document(routes.stream().filter(Route::isListed).toList())
                .getBytes(StandardCharsets.UTF_8);
    }

    private String document(List<Route> routes) {
        api.info(new Info().title("Heddle").version("0.1").description(ABOUT)
                .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .addServersItem(new Server().url("/").description("This server."))
                .security(List.of());
        Sections.describe(routes, api);
        routes.forEach(this::add);
        schemas.lendExamples();
        return Json.pretty(api);
    }

    private void add(Route route) {
        PathItem path = api.getPaths() == null ? null : api.getPaths().get(route.path());
        if (path == null) {
            path = new PathItem();
            api.path(route.path(), path);
        }
        path.operation(PathItem.HttpMethod.valueOf(route.method().name()), operation(route));
    }

    private Operation operation(Route route) {
        var operation = new Operation().operationId(id(route)).summary(route.summary())
                .addTagsItem(Sections.of(route));
        route.parameters().forEach(parameter -> describe(parameter, operation));
        if (route.failures().contains(Kind.STALE)) {
            operation.addParametersItem(
                    header("If-Match", "The `ETag` that was read; the change is refused if there is a newer one."));
        }
        if (route.result().shape() == Route.Result.Shape.CONTENT) {
            operation.addParametersItem(header("Range", "One range of the bytes, such as `bytes=0-999`."));
            operation.addParametersItem(header("If-Range", "The `ETag` of what is there already; else all is sent."));
            operation.addParametersItem(header("If-None-Match", "The `ETag` of what need not be sent again (304)."));
        }
        route.body().ifPresent(body -> operation.requestBody(new RequestBody().required(!body.isOptional())
                .content(Answers.content(body.mediaTypes(), schemas.of(body)))));
        return operation.responses(answers.of(route));
    }

    private static HeaderParameter header(String name, String description) {
        var header = new HeaderParameter();
        header.name(name).required(false).description(description).schema(new StringSchema().maxLength(1_000));
        return header;
    }

    private static String id(Route route) {
        String words = route.path().replaceAll("[{}]", "").replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_|_$", "");
        return route.method().name().toLowerCase(Locale.ROOT) + (words.isEmpty() ? "_root" : "_" + words);
    }

    private static void describe(Parameter<?> declared, Operation operation) {
        var said = switch (declared.place()) {
            case PATH -> new PathParameter();
            case QUERY -> new QueryParameter();
            case HEADER -> new HeaderParameter();
        };
        operation.addParametersItem(said.name(declared.name()).description(declared.summary())
                .required(declared.fallback().isEmpty()).schema(schema(declared)));
    }

    private static Schema<?> schema(Parameter<?> parameter) {
        Parameter.Bounds bounds = parameter.bounds();
        if (bounds.type().equals("string")) {
            return new StringSchema().minLength((int) bounds.least()).maxLength((int) bounds.most());
        }
        var schema = new IntegerSchema().format(bounds.most() > Integer.MAX_VALUE ? "int64" : "int32");
        schema.minimum(BigDecimal.valueOf(bounds.least())).maximum(BigDecimal.valueOf(bounds.most()));
        if (parameter.fallback().orElse(null) instanceof Integer fallback) {
            schema.setDefault(fallback);
        } else {
            schema.example(bounds.least());
        }
        return schema;
    }
}
