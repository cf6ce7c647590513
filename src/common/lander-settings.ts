import { z } from 'zod';

/** Who lands signed authorizations, and how a relayer is reached. */
export const landerSettings = {
  LANDER: z
    .enum(['channels', 'relayer'])
    .default('channels')
    .describe(
      'who submits landings and pays for them: the channel accounts through the node, or a relayer ' +
        'that puts them into fee bumps',
    ),
  RELAYER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'address to which LANDER=relayer posts: of the Channels plugin of an OpenZeppelin Relayer ' +
        '(…/api/v1/plugins/channels/call), or of its managed service',
    ),
  RELAYER_API_KEY: z
    .string()
    .optional()
    .describe('key of the relayer; absent: RELAYER_API_KEY_FILE'),
  RELAYER_API_KEY_FILE: z.string().optional().describe('file with the key of the relayer'),
};
