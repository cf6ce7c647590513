import { z } from 'zod';
import { baseUnits } from './control-amounts.js';
import type { Route } from './control-routes.js';

const account = z.string().regex(/^G[A-Z2-7]{55}$/, 'must be an account address (G...)');
const weight = z.int().min(0).max(255);

const shapes = {
  wallets: z.strictObject({
    pool: z.string(),
    count: z.int().min(1).max(1000).default(1),
    tokens: z.string().default('10000'),
    score: z.int().min(0).max(100).default(80),
  }),
  signers: z.strictObject({
    account,
    masterWeight: weight.default(1),
    signers: z
      .array(z.strictObject({ key: account, weight: weight.min(1).default(1) }))
      .max(20)
      .default([]),
    thresholds: z
      .strictObject({
        low: weight.default(0),
        medium: weight.default(0),
        high: weight.default(0),
      })
      .prefault({}),
  }),
  landings: z.strictObject({ entry: z.string(), close: z.boolean().default(true) }),
};

/** Contract accounts, several signers, and signed authorizations in other hands. */
export const SIGNER_ROUTES: Readonly<Record<string, Route>> = {
  'POST /wallets': (control, body) => {
    const { tokens, ...request } = shapes.wallets.parse(body);
    const { decimals } = control.pool(request.pool);
    return control.signers.makeWallets({ ...request, tokens: baseUnits(tokens, decimals) });
  },
  'POST /signers': (control, body) => {
    const { masterWeight, thresholds, ...request } = shapes.signers.parse(body);
    const { low, medium, high } = thresholds;
    return control.signers.setSigners({
      ...request,
      thresholds: [masterWeight, low, medium, high],
    });
  },
  'POST /landings': (control, body) => control.signers.land(shapes.landings.parse(body)),
};
