/** Everybody is one tenant until sign-in exists; the column is there from the first migration. */
export const TENANT = 'default';
