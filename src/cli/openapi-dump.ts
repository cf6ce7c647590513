import { createApp } from '../app.js';
import { apiDocument } from '../http/api-document.js';
import { readConfig } from '../common/config.js';

/**
 * No request is sent there: the document is made from the code, and only the database must answer
 * for the app to be built.
 */
const NO_NODE = { STELLAR_RPC_URL: 'http://127.0.0.1:9', STELLAR_NETWORK_PASSPHRASE: 'none' };

/** A seed of zeros and a secret that everyone reads here: the app is built and asked nothing. */
const NO_DOOR = {
  AUTH_SIGNING_SEED: 'SAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSU2',
  JWT_SECRET: 'no request is ever answered by this app',
  HOME_DOMAIN: 'localhost',
  WEB_AUTH_DOMAIN: 'localhost',
};

/** The API's OpenAPI document as the repository keeps it: `context/openapi.json`. */
export async function dumpOpenApi(databaseUrl: string): Promise<string> {
  const config = readConfig({
    ...NO_NODE,
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
  });
  const app = await createApp({ ...config, ...NO_DOOR, DATABASE_URL: databaseUrl });
  try {
    return `${JSON.stringify(apiDocument(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
