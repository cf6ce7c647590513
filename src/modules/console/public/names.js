/** Names that the service knows. Filled by the overview, so that each list stands in one place. */
let known = { breakClasses: [], eventKinds: [], keyScopes: [] };
export function setNames({ breakClasses, eventKinds, keyScopes }) {
  known = { breakClasses, eventKinds, keyScopes };
}
export const breakClasses = () => known.breakClasses;
export const eventKinds = () => known.eventKinds;
export const keyScopes = () => known.keyScopes;
