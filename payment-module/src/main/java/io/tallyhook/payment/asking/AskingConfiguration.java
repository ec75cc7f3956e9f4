package io.tallyhook.payment.asking;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties({AskingSettings.class, SilenceSettings.class, LearningSettings.class})
class AskingConfiguration {}
