/** Who is signed in. Filled by the overview. */
let by = { name: '', tenantId: '', scopes: [] };

const shown = document.querySelector('#who');
export function setSignedIn(found) {
  by = found;
  shown.textContent = found.name;
  shown.title = `key "${found.name}" of ${found.tenantId}: ${found.scopes.join(', ')}`;
}
export const signedIn = () => by;
/** Whether the key may add webhooks, which belong to its tenant. */
export const mayWrite = () => by.scopes.includes('loans:write');
export const mayChangeJobs = () => by.scopes.includes('jobs:write');
