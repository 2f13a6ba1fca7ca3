/** The HTTP API, the login and the live events. */
package dev.skep.monitor.http;
