/** Characters of the reason that an action is recorded with. */
export const REASON_MIN = 3;
/** Of an action that cannot be undone. */
export const GRAVE_REASON_MIN = 10;
export const REASON_MAX = 1000;
