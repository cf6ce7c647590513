/** Names that the service knows. Filled by the overview, so that each list stands in one place. */
let known = { breakClasses: [], eventKinds: [] };
export function setNames({ breakClasses, eventKinds }) {
  known = { breakClasses, eventKinds };
}
export const breakClasses = () => known.breakClasses;
export const eventKinds = () => known.eventKinds;
