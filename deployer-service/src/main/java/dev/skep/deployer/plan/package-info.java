/** What has to be done to make a live stack as desired. Pure: JSON trees in, decisions out. */
package dev.skep.deployer.plan;
