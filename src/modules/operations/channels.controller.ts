import { Controller, Get, Inject } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { formatXlm } from '../../common/money.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ChannelRegistry } from '../liquidity/landings/channel-registry.js';

const channelListSchema = z
  .object({
    channels: z.array(
      z
        .object({
          account: z.string(),
          name: z.string(),
          state: z.enum(['active', 'removed']),
          keyHere: z.boolean().meta({
            description: 'Whether this process has its key. A worker needs it, the API does not',
          }),
          balance: z
            .string()
            .nullable()
            .meta({ description: "XLM, the network's reserve included; null: not read yet" }),
          balanceLedger: z.int().nullable(),
          inFlight: z
            .string()
            .nullable()
            .meta({ description: 'Hash of its landing in flight; null: it is free' }),
          addedAt: z.string().meta({ format: 'date-time' }),
          removedAt: z.string().nullable().meta({ format: 'date-time' }),
        })
        .meta({ id: 'Channel' }),
    ),
  })
  .meta({ id: 'ChannelList' });
type ChannelListAnswer = z.infer<typeof channelListSchema>;

/** Channel accounts, read only: they are changed by `holdfast channels`. */
@ApiTags('operator')
@Controller('operator')
export class ChannelsController {
  constructor(
    private readonly channels: ChannelRegistry,
    @Inject(CHAIN) private readonly chain: Chain,
  ) {}

  @Get('channels')
  @ApiRoute({
    access: 'operate',
    operationId: 'listChannels',
    summary: 'The accounts that land signed authorizations',
    description:
      'In the order in which they were added, removed ones last. No secret is known here.',
    problems: [],
  })
  @ApiResponse({
    status: 200,
    description: 'The channels of this network.',
    standardSchema: channelListSchema,
  })
  async list(): Promise<ChannelListAnswer> {
    const keys = new Set(this.chain.channelAccounts);
    const all = await this.channels.list(this.chain.networkPassphrase);
    return {
      channels: all.map((each) => ({
        account: each.account,
        name: each.name,
        state: each.state,
        keyHere: keys.has(each.account),
        balance: each.balance === null ? null : formatXlm(each.balance),
        balanceLedger: each.balanceLedger,
        inFlight: each.inFlight,
        addedAt: each.addedAt.toISOString(),
        removedAt: each.removedAt?.toISOString() ?? null,
      })),
    };
  }
}
