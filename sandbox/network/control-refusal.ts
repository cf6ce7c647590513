/**
 * The control port was asked for something that does not exist or is not possible: the caller's
 * mistake, not the network's.
 */
export class ControlRefusal extends Error {}
