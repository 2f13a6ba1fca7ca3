/** Access tokens of the suite's API. */
package dev.skep.cli.token;
