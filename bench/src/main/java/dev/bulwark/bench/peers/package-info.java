/**
 * The comparison with other libraries: {@code ./bulwark bench peers}.
 *
 * <p>{@link dev.bulwark.bench.peers.Rows} lists what is compared and how fast it has to be. A
 * {@link dev.bulwark.bench.peers.Worker worker} is a process that computes rows for one side: our
 * own is {@link dev.bulwark.bench.peers.BulwarkWorker}, the peer's is {@code
 * bench/peers/torch_worker.py}. {@link dev.bulwark.bench.peers.Alternation} lets the two take
 * turns. {@link dev.bulwark.bench.peers.Guard} compares a run with an earlier one.
 */
@NullMarked
package dev.bulwark.bench.peers;

import org.jspecify.annotations.NullMarked;
