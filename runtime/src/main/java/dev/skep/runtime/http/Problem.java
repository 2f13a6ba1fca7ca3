package dev.skep.runtime.http;

/**
 * An error as RFC 9457 has it.
 *
 * @param status the HTTP status
 * @param title what kind of error, the same for each of its kind
 * @param detail what is wrong this time and what to do; free of secrets; may be null
 */
public record Problem(int status, String title, String detail) {}
