/**
 * The control port was asked for something that does not exist or is impossible: the caller's
 * mistake, not the network's.
 */
export class ControlRefusal extends Error {}
