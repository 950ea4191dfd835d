package dev.bulwark.autograd;

/** What a backward pass does with the values that the forward pass left in the graph. */
public enum Release {
  /**
   * Gives a node's memory back as soon as nothing in the pass needs it any more, and cuts the node
   * out of the graph: one backward pass only. Values of leaves, constants, of the root and of
   * variables that were {@linkplain Variable#detach detached} stay, and so does all that no {@link
   * dev.bulwark.tensor.Scope} owns.
   */
  AS_CONSUMED,
  /** Leaves everything as it is, for further backward passes over the same graph. */
  RETAIN
}
