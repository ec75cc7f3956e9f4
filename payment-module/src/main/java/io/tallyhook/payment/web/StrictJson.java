package io.tallyhook.payment.web;

import static tools.jackson.databind.cfg.CoercionAction.Fail;

import io.tallyhook.payment.UserId;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;
import tools.jackson.databind.type.LogicalType;

/**
 * Money tolerates no guessing: unknown fields, repeated fields, numbers in quotes, fractions and exponents where a whole
 * number is wanted, and numbers where a text is wanted are errors of the caller.
 */
@Configuration
class StrictJson {

    @Bean
    JsonMapperBuilderCustomizer strictJsonCustomizer() {
        return builder -> builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, Fail)
                                .setCoercion(CoercionInputShape.Float, Fail)
                                .setCoercion(CoercionInputShape.Boolean, Fail))
                .addModule(new SimpleModule("tallyhook").addSerializer(UserId.class, ToStringSerializer.instance));
    }
}
