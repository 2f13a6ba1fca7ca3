/**
 * From services, tasks and networks to routes and backends. Pure: records in, records out; the time
 * is a parameter.
 */
package dev.skep.edgeconfig.routing;
