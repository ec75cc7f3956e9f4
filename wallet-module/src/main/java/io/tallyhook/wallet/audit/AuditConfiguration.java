package io.tallyhook.wallet.audit;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

@Configuration
@EnableConfigurationProperties(AuditSettings.class)
class AuditConfiguration {}
