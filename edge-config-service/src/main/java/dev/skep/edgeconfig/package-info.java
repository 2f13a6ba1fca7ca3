/**
 * The service that turns the labels of Swarm services into routes. The thinking is in {@code
 * labels} and {@code routing}; here is what reads topics, writes them and listens.
 */
package dev.skep.edgeconfig;
