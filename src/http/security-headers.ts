import helmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** What browsers may load from our pages. */
const OPTIONS: Parameters<typeof helmet>[1] = {
  // no-referrer makes browsers send 'Origin: null', which the jobs page refuses
  referrerPolicy: { policy: 'same-origin' },
  contentSecurityPolicy: {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", "'unsafe-inline'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      upgradeInsecureRequests: null,
    },
  },
};
/** Of every answer, with or without helmet. */
const OTHERS = new Set(['content-type', 'content-length', 'date', 'connection']);

/**
 * Puts helmet's headers on every answer. They are always the same, so helmet is asked once: it would
 * write the policy anew for each request.
 */
export async function guardBrowsers(adapter: FastifyAdapter): Promise<void> {
  const headers = await headersOfHelmet();
  adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}

async function headersOfHelmet(): Promise<Readonly<Record<string, string>>> {
  const asked = new FastifyAdapter().getInstance();
  await asked.register(helmet, OPTIONS);
  asked.get('/', (_request, reply) => reply.send(''));
  const { headers } = await asked.inject('/');
  await asked.close();
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OTHERS.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
