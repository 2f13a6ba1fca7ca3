package dev.skep.deployer.image;

import java.time.Instant;

/**
 * How a service stands to the image that it follows.
 *
 * @param policy as its label has it
 * @param image what it is to run, as far as that is known with its digest
 * @param newest what its registry has for it, as far as that is known
 * @param state {@code current}, {@code waiting} (for the registry's first answer), {@code rolling},
 *     {@code deploying} (the stack's deployment is waited for), {@code taken-back} (the newest was
 *     tried, and the stack went back), {@code failing} (the registry cannot be asked), {@code
 *     refused} (the label cannot be honoured, or the command was refused)
 * @param askedAt when the registry last told; null if it never did
 * @param error what is wrong and what to do; "" if nothing is
 */
public record ImageStatus(
    String stack,
    String service,
    String policy,
    String image,
    String newest,
    String state,
    Instant askedAt,
    String error) {}
