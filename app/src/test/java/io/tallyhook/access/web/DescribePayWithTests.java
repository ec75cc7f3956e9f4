package io.tallyhook.access.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.PayWith;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;

class DescribePayWithTests {

    @Test
    void theFieldsOfAMethodStandBesideTheOthersAndAreTexts() {
        var body = described();

        assertThat(body.getProperties())
                .containsOnlyKeys("provider", "account", "method", "expiresInSeconds")
                .allSatisfy((field, schema) ->
                        assertThat(schema.getDescription()).as(field).isNotBlank());
        assertThat(body.getAdditionalProperties())
                .isInstanceOfSatisfying(
                        Schema.class, any -> assertThat(any.getType()).isEqualTo("string"));
    }

    @Test
    void whatIsPaidAtOnceIsNamed() {
        var body = described(new Vouchers());

        assertThat(text(body, "provider")).endsWith("wechat. vouchers pays at once.");
        assertThat(text(body, "account")).endsWith("main. May be left out for vouchers.");
        assertThat(text(body, "method")).endsWith("The only one of vouchers is code.");
        assertThat(text(body, "expiresInSeconds")).endsWith("Has no effect for vouchers.");
    }

    @Test
    void whereNothingIsPaidAtOnceNothingIsSaidOfIt() {
        assertThat(text(described(), "account")).isEqualTo("Our account there, such as main.");
    }

    @Test
    void aDescriptionWithoutPaymentsStaysAsItIs() {
        var empty = new OpenAPI().components(new Components().addSchemas("Other", new Schema<>()));

        customise(empty);

        assertThat(empty.getComponents().getSchemas()).containsOnlyKeys("Other");
    }

    private static Schema<?> described(InstantMethod... instants) {
        var description = new OpenAPI().components(new Components());
        ModelConverters.getInstance().read(PayWith.class).forEach(description.getComponents()::addSchemas);
        customise(description, instants);
        return requireNonNull(description.getComponents().getSchemas().get("PayWith"));
    }

    private static void customise(OpenAPI description, InstantMethod... instants) {
        new DescribePayWith(new ObjectProvider<>() {
                    @Override
                    public Stream<InstantMethod> stream() {
                        return Stream.of(instants);
                    }
                })
                .customise(description);
    }

    private static String text(Schema<?> body, String field) {
        return requireNonNull(body.getProperties().get(field)).getDescription();
    }

    private record Vouchers() implements InstantMethod {

        @Override
        public String provider() {
            return "vouchers";
        }

        @Override
        public String account() {
            return "main";
        }

        @Override
        public String method() {
            return "code";
        }

        @Override
        public Taking take(InstantPayment payment) {
            throw new AssertionError("nobody pays here");
        }

        @Override
        public String giveBack(Entitlement.TakeBack refund) {
            throw new AssertionError("nobody is refunded here");
        }
    }
}
