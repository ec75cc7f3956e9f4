package io.tallyhook.membership;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/** Reads the catalog. */
interface PlanRows extends Repository<PlanRow, String> {

    Optional<PlanRow> findByPlanCode(String planCode);

    List<PlanRow> findByPlanCodeGreaterThanOrderByPlanCode(String after, Limit limit);
}
