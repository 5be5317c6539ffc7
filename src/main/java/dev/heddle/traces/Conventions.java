package dev.heddle.traces;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;

/// How OpenTelemetry calls what is known of HTTP exchanges (semantic conventions 1.37, "HTTP spans"), and one name of ours.
final class Conventions {
    static final AttributeKey<String> METHOD = stringKey("http.request.method");
    static final AttributeKey<String> ROUTE = stringKey("http.route");
    static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    static final AttributeKey<Long> RESENDS = longKey("http.request.resend_count");
    static final AttributeKey<String> ERROR_TYPE = stringKey("error.type");
    static final AttributeKey<String> URL = stringKey("url.full");
    static final AttributeKey<String> SCHEME = stringKey("url.scheme");
    static final AttributeKey<String> PATH = stringKey("url.path");
    static final AttributeKey<String> SERVER = stringKey("server.address");
    static final AttributeKey<Long> PORT = longKey("server.port");

    /// What log lines and answers call the request.
    static final AttributeKey<String> REQUEST_ID = stringKey("heddle.request_id");

    private Conventions() {
    }
}
