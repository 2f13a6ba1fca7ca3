package dev.skep.edgeconfig.labels;

/**
 * What is wrong with a label.
 *
 * @param message where, what, and what to write instead; free of control characters
 */
public record LabelProblem(Reason reason, String message) {}
