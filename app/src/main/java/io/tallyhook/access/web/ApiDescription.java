package io.tallyhook.access.web;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the API's description says about every call: the key, the Idempotency-Key, the shape of errors. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final String KEY = "apiKey";
    private static final String PROBLEM = "Problem";

    private static final Map<String, String> ERRORS = Map.of(
            "400", "The request is wrong; detail names the field.",
            "401", "The API key is missing, unknown or revoked.",
            "403", "The API key lacks the scope of this call.",
            "404", "There is no such thing.",
            "409", "The state of things does not allow it.");

    private static final String NOT_NOW = "It cannot be done now, such as while the ledger of a wallet stands still."
            + " Nothing was changed; try again later with the same Idempotency-Key.";

    @Bean
    OpenAPI openApi(ObjectProvider<BuildProperties> build) {
        var version =
                build.stream().map(BuildProperties::getVersion).findFirst().orElse("development");
        return new OpenAPI()
                .info(new Info()
                        .title("Tallyhook merchant API")
                        .version(version)
                        .description("Called by the shop's own back end. Amounts are integers in minor units (fen); "
                                + "times are RFC 3339; errors are problem documents (RFC 9457)."))
                .components(new Components()
                        .addSecuritySchemes(
                                KEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, made in the admin pages: thk_…")))
                .addSecurityItem(new SecurityRequirement().addList(KEY));
    }

    @Bean
    OpenApiCustomizer everyCall(ApiScopes scopes) {
        return description -> {
            // Only here: a schema that no controller mentions is dropped from what was said above.
            description.getComponents().addSchemas(PROBLEM, problem());
            if (description.getPaths() != null) {
                description.getPaths().forEach((path, item) -> complete(path, item, scopes));
            }
        };
    }

    private static void complete(String path, PathItem item, ApiScopes scopes) {
        item.readOperationsMap().forEach((method, operation) -> {
            if (method == PathItem.HttpMethod.POST) {
                operation.addParametersItem(idempotencyKey());
                operation.getResponses().putIfAbsent("503", error(NOT_NOW));
            }
            scopes.required(method.name(), path.replaceAll("\\{[^}]*}", "x"))
                    .ifPresent(scope -> describeScope(operation, scope.text()));
            ERRORS.forEach((status, text) -> operation.getResponses().putIfAbsent(status, error(text)));
        });
    }

    private static void describeScope(Operation operation, String scope) {
        var text = operation.getDescription();
        operation.setDescription((text == null ? "" : text + "\n\n") + "Scope: `" + scope + "`");
    }

    private static Parameter idempotencyKey() {
        return new Parameter()
                .in("header")
                .name("Idempotency-Key")
                .required(true)
                .description(
                        "Of your choice, new for each new request: a repeat with the same key gets the first answer"
                                + " again, for 30 days.")
                .schema(new StringSchema().minLength(1).maxLength(255));
    }

    private static ApiResponse error(String text) {
        var schema = new Schema<>().$ref("#/components/schemas/" + PROBLEM);
        return new ApiResponse()
                .description(text)
                .content(new Content().addMediaType("application/problem+json", new MediaType().schema(schema)));
    }

    private static Schema<?> problem() {
        return new ObjectSchema()
                .addProperty("type", new StringSchema().example("urn:tallyhook:problem:not-found"))
                .addProperty("title", new StringSchema())
                .addProperty("status", new IntegerSchema())
                .addProperty("detail", new StringSchema().description("A sentence a person can act on."))
                .addProperty("instance", new StringSchema());
    }
}
