/**
 * Java libraries as peers of {@code bulwark bench peers --java-peers}: {@link peers.PeerWorker}
 * speaks with the driver, each library is one {@link peers.Products}.
 */
package peers;
