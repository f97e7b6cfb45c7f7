package org.ringcert.daemon.plan;

import java.io.Writer;

/**
 * A plan and what matters most in it. Immutable.
 *
 * @param plan the plan
 * @param summary its summary
 */
public record PlanReport(ClusterPlan plan, PlanSummary summary) {

    /** Returns the plan for people, in lines, each with its end. */
    public String text() {
        return ClusterPlanText.of(plan, summary);
    }

    /**
     * Writes the plan for programs, as JSON that ends with a newline. Does not close the writer.
     *
     * @throws tools.jackson.core.JacksonException if the writer fails
     */
    public void writeJson(Writer out) {
        ClusterPlanJson.write(plan, summary, out);
    }

    /** Returns the plan as an SVG document. */
    public String picture() {
        return PlanPicture.of(plan, summary);
    }
}
