package org.ringcert.it;

/**
 * The result of a command.
 *
 * @param status the exit status
 * @param output what it wrote to standard output and standard error
 */
public record CommandResult(int status, String output) {}
