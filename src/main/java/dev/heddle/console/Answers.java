package dev.heddle.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.heddle.answers.Statuses;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.Route;
import dev.heddle.web.Route.Result;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;

/// What a route answers: its result, and each failure that it names or that follows from what it takes.
final class Answers {
    private static final String PROBLEM = "application/problem+json";
    private static final String OTHER = "Other";

    private final Schemas schemas;

    /// Puts an answer for each kind of failure into `components`, to which the routes refer.
    Answers(Components components, Schemas schemas) {
        this.schemas = schemas;
        Schema<?> problem = schemas.problem();
        for (Kind kind : Kind.values()) {
            ApiResponse response = problem(sentence(kind), problem);
            response.getContent().get(PROBLEM).setExample(example(kind));
            components.addResponses(name(kind), response);
        }
        components.addResponses(OTHER, problem("It cannot be answered now: 503 if too many wait or the database is "
                + "away (`Retry-After` says when to try again), 504 if the deadline has passed.", problem));
    }

    ApiResponses of(Route route) {
        var responses = new ApiResponses();
        if (route.result().shape() == Result.Shape.CONTENT) {
            responses.addApiResponse("206", success(route.result()).description("The range that was asked for."));
        }
        responses.addApiResponse(String.valueOf(Statuses.code(route.result().meaning())), success(route.result()));
        if (route.result().shape() == Result.Shape.EVENTS) {
            responses.addApiResponse(String.valueOf(Statuses.code(Result.Meaning.NOTHING)),
                    new ApiResponse().description("There is no event left; a browser does not connect again."));
        }
        for (Kind kind : failures(route)) {
            responses.addApiResponse(String.valueOf(Statuses.code(kind)), new ApiResponse().$ref(name(kind)));
        }
        return responses.addApiResponse("default", new ApiResponse().$ref(OTHER));
    }

    /// The same schema for each media type; parameters of the types are left out.
    static Content content(List<String> mediaTypes, Schema<?> schema) {
        var content = new Content();
        mediaTypes.forEach(type -> content.addMediaType(type.split(";")[0].strip(), new MediaType().schema(schema)));
        return content;
    }

    private ApiResponse success(Result result) {
        var response = new ApiResponse().description(switch (result.meaning()) {
            case OK -> "Done.";
            case CREATED -> "It is made; `Location` says where it is.";
            case ACCEPTED -> "It will be done.";
            case NOTHING -> "Done; there is nothing to say.";
        });
        if (result.meaning() == Result.Meaning.NOTHING) {
            return response;
        }
        if (result.meaning() == Result.Meaning.CREATED || result.meaning() == Result.Meaning.ACCEPTED) {
            response.addHeaderObject("Location", new Header().description("Where it is.").schema(new StringSchema()));
        }
        var content = new Content();
        var mediaTypes = new ArrayList<>(List.of(result.mediaType()));
        mediaTypes.addAll(result.others());
        mediaTypes.forEach(type -> content.putAll(content(List.of(type), schemas.of(result, type))));
        return response.content(content);
    }

    /// Every route refuses an `X-Timeout-Ms` that is none.
    private static Set<Kind> failures(Route route) {
        var kinds = EnumSet.of(Kind.INVALID);
        kinds.addAll(route.failures());
        if (!route.parameters().isEmpty() || route.body().isPresent()) {
            kinds.add(Kind.UNREADABLE);
        }
        if (route.body().isPresent()) {
            kinds.addAll(List.of(Kind.TOO_LARGE, Kind.UNSUPPORTED_TYPE));
        }
        return kinds;
    }

    private static ApiResponse problem(String description, Schema<?> schema) {
        return new ApiResponse().description(description).content(content(List.of(PROBLEM), schema));
    }

    private static Map<String, Object> example(Kind kind) {
        var example = new LinkedHashMap<String, Object>();
        example.put("type", "about:blank");
        example.put("title", Statuses.phrase(kind));
        example.put("status", Statuses.code(kind));
        example.put("detail", kind == Kind.INVALID ? "1 value is refused" : "one sentence that says why");
        example.put("instance", "/users");
        example.put("request_id", "5b2ac8e47d1f09a3");
        if (kind == Kind.INVALID) {
            example.put("errors", List.of(Map.of("loc", List.of("body", "age"), "msg", "must be from 0 to 150", "type",
                    "out_of_range")));
        }
        return example;
    }

    /// `NOT_FOUND` is `NotFound`.
    private static String name(Kind kind) {
        return Arrays.stream(kind.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT)).collect(Collectors.joining());
    }

    private static String sentence(Kind kind) {
        return switch (kind) {
            case UNREADABLE -> "It cannot be read as what it claims to be.";
            case INVALID -> "It was read, but refused: `errors` names each value and why.";
            case NOT_FOUND -> "There is no such thing.";
            case CONFLICT -> "It contradicts what is stored, such as a name that is taken.";
            case OVERDRAWN -> "There is not enough money for it; or it cannot be read as what it claims to be.";
            case STALE -> "It was changed meanwhile: `If-Match` names an older version.";
            case TOO_LARGE -> "The body is larger than the settings allow.";
            case UNSUPPORTED_TYPE -> "The body is of a media type that is not read here.";
            case UPSTREAM_BROKEN -> "The upstream API cannot be reached, or what it answers cannot be used.";
            case UPSTREAM_SLOW -> "The upstream API does not answer in time.";
            case OUT_OF_RANGE -> "The range lies behind the end: `Content-Range` says where that is.";
            case RATE_LIMITED -> "It was asked too often: `Retry-After` says when to ask again.";
        };
    }
}
