package io.tallyhook.access.web;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.PayWith;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Says of the body of every {@code POST …/payments} what its type does not show: that the fields of a method stand beside
 * the others, and what is different where it is paid at once.
 */
@Component
class DescribePayWith implements OpenApiCustomizer {

    private final List<InstantMethod> instants;

    DescribePayWith(ObjectProvider<InstantMethod> instants) {
        this.instants = instants.stream().toList();
    }

    @Override
    public void customise(OpenAPI description) {
        Schema<?> body = description.getComponents().getSchemas().get(PayWith.class.getSimpleName());
        if (body == null) {
            return;
        }
        body.description("How the payer wants to pay. Fields of the method, such as openid, stand beside these.");
        body.getProperties().remove("fields");
        body.additionalProperties(new StringSchema());
        describe(body, "provider", "Who collects the money, such as wechat.", "%s pays at once.");
        describe(body, "account", "Our account there, such as main.", "May be left out for %s.");
        describe(
                body,
                "method",
                "Such as native; external if the shop orders at the provider itself.",
                "The only one of %s is %s.");
        describe(
                body,
                "expiresInSeconds",
                "How long it may be paid: 7200 if left out, then without end for external.",
                "Has no effect for %s.");
    }

    /** @param atOnce is said for each method that pays at once, with its provider and its method */
    private void describe(Schema<?> body, String field, String text, String atOnce) {
        var sentences = instants.stream().map(method -> atOnce.formatted(method.provider(), method.method()));
        Objects.requireNonNull(body.getProperties().get(field), field)
                .description(Stream.concat(Stream.of(text), sentences).collect(Collectors.joining(" ")));
    }
}
