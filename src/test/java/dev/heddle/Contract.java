package dev.heddle;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import org.jspecify.annotations.Nullable;

/// Holds exchanges against the server's own documentation.
///
/// An answer must be one that is documented. A request that was accepted must be one that is documented, too; one that
/// was refused was sent to be refused.
final class Contract {
    private @Nullable OpenApiInteractionValidator validator;

    /// From now on exchanges are held against this document.
    void read(String openApi) {
        validator = OpenApiInteractionValidator.createForInlineApiSpecification(openApi).build();
    }

    /// @throws AssertionError if the exchange is not as documented
    void check(TestApp.Ask ask, Answer answer) {
        String path = ask.path().replaceAll("[?].*", "");
        // 304 has no body and stands for the 200 that it spares (RFC 9110 section 15.4.5); to OpenAPI `/items/` is `/items`.
        boolean isUntold = answer.status() == 304 || path.equals("/items/");
        if (validator == null || isUntold || ask.method().equals("HEAD") || ask.method().equals("OPTIONS")) {
            return;
        }
        var method = Request.Method.valueOf(ask.method());
        refuse(validator.validateResponse(path, method, response(answer)), ask, answer);
        if (answer.status() < 400) {
            refuse(validator.validateRequest(request(ask, path, method)), ask, answer);
        }
    }

    private static SimpleResponse response(Answer answer) {
        var response = SimpleResponse.Builder.status(answer.status()).withBody(answer.body());
        for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
            if (!header.getKey().startsWith(":")) {
                response.withHeader(header.getKey(), header.getValue());
            }
        }
        return response.build();
    }

    private static SimpleRequest request(TestApp.Ask ask, String path, Request.Method method) {
        var request = new SimpleRequest.Builder(method, path);
        ask.headers().forEach((name, value) -> request.withHeader(name, value));
        int query = ask.path().indexOf('?');
        if (query >= 0) {
            for (String pair : ask.path().substring(query + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                request.withQueryParam(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return (ask.body().length == 0 ? request : request.withBody(ask.body())).build();
    }

    private static void refuse(ValidationReport report, TestApp.Ask ask, Answer answer) {
        List<String> faults = report.getMessages().stream()
                .filter(message -> message.getLevel() == ValidationReport.Level.ERROR)
                .filter(message -> !message.getKey().toLowerCase(Locale.ROOT).contains("path.missing"))
                .filter(message -> !message.getKey().contains("operation.notAllowed"))
                // Where a body may be absent, so may its type; the validator asks for one all the same.
                .filter(message -> ask.body().length > 0 || !message.getKey().contains("contentType"))
                .map(ValidationReport.Message::getMessage).toList();
        if (!faults.isEmpty()) {
            throw new AssertionError(ask.method() + " " + ask.path() + " " + answer.status() + " is not as documented: "
                    + String.join("; ", faults));
        }
    }
}
