/**
 * The control port was asked for something that is not there or cannot be: the asker's mistake, not
 * the network's.
 */
export class ControlRefusal extends Error {}
