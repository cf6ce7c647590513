const CERTIFICATE =
  "the server's certificate is not signed by a known authority: give the authority's certificate " +
  'by sslrootcert=/path/ca.pem in DATABASE_URL (and DATABASE_DIRECT_URL), or by ' +
  'NODE_EXTRA_CA_CERTS=/path/ca.pem (docs/database.md#tls)';
/** What to do about a connection that fails, by the codes of Node and Postgres. */
const WORDS: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT: CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: CERTIFICATE,
  CERT_HAS_EXPIRED: "the server's certificate has expired: renew it on the server",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "the server's certificate is for another name than the host in DATABASE_URL: use a name that " +
    'the certificate has',
  '28P01': 'user or password in DATABASE_URL is wrong',
  '28000': 'the server does not let this user in: see its pg_hba.conf for user, address and TLS',
  '53300': 'the server has no free connection (docs/database.md#connections)',
};
const NO_TLS =
  'the server offers no TLS: sslmode=disable in DATABASE_URL connects without it, for a network ' +
  'that is trusted';

/** Adds to the message of a failed connection what to do about it. The error stays the same. */
export function explainConnection(error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const advice = error.message.includes('does not support SSL') ? NO_TLS : WORDS[code];
  if (advice !== undefined && !error.message.includes(advice)) error.message += `; ${advice}`;
  return error;
}
