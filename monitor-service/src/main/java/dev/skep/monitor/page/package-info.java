/** The first page, made on the server: a snapshot and its status as HTML. Pure. */
package dev.skep.monitor.page;
