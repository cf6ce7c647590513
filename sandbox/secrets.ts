import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Keypair } from '@stellar/stellar-sdk';
import { z } from 'zod';

const secretsSchema = z.object({
  signingSeed: z.string(),
  jwtSecret: z.string().min(32),
  /** Texts of API keys; null until they are made. */
  apiKey: z.string().nullable(),
  operatorKey: z.string().nullable(),
});
export type Secrets = Readonly<z.infer<typeof secretsSchema>>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'access.json');

/**
 * Secrets of a development service, made at its first start and kept in DATA_DIR/access.json (mode
 * 600), so that keys and tokens outlive a restart.
 */
export function secretsFrom(dataDir: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    const made = {
      signingSeed: Keypair.random().secret(),
      jwtSecret: randomBytes(32).toString('base64url'),
      apiKey: null,
      operatorKey: null,
    };
    keepSecrets(dataDir, made);
    return made;
  }
}

/** Written in one step, so that a crash leaves the old file or the new one. */
export function keepSecrets(dataDir: string, secrets: Secrets): void {
  mkdirSync(dataDir, { recursive: true });
  const fresh = `${fileIn(dataDir)}.${randomUUID()}`;
  writeFileSync(fresh, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(fresh, fileIn(dataDir));
}
