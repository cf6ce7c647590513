import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HoldfastError } from '../../common/errors.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { parsed } from '../../http/validation.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { breakEpisode, breakEpisodes, causesOf } from '../reporting/break-episodes.js';
import { renderCauses, renderEpisode } from './breaks-answer.js';
import {
  type EpisodeAnswer,
  episodeCursor,
  episodeKey,
  type EpisodeListAnswer,
  episodeListSchema,
  episodeQuery,
  episodeSchema,
} from './breaks.schemas.js';

/** Differences between ledger and chain as episodes, and what caused each. */
@ApiTags('operator')
@Controller('operator/breaks')
export class BreaksController {
  constructor(private readonly connections: LedgerConnections) {}

  @Get()
  @ApiRoute({
    access: 'operate',
    operationId: 'listBreaks',
    summary: 'Differences between ledger and chain as episodes, newest first',
    description:
      'An episode is one trouble: breaks of one class of a pool that follow each other without a ' +
      'minute between them. `GET /operator/breaks/{id}` says what caused it.',
    problems: ['VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({ status: 200, description: 'Episodes.', standardSchema: episodeListSchema })
  async list(@Query({ schema: episodeQuery }) query: unknown): Promise<EpisodeListAnswer> {
    return breaksPage(this.connections.read, query);
  }

  @Get(':id')
  @ApiRoute({
    access: 'operate',
    operationId: 'getBreak',
    summary: 'One episode, with the terms and transactions that caused it',
    description:
      'A shortfall is taken apart between the last snapshot with room and the one that lacks ' +
      'most. Its causes add up to it; what no event explains is a cause of its own.',
    problems: ['NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({
    name: 'id',
    description: 'Id of the episode',
    schema: { type: 'string' },
    example: '01a226e3-afc3-7da9-8fab-f5afb0781887.shortfall.17',
  })
  @ApiResponse({ status: 200, description: 'The episode.', standardSchema: episodeSchema })
  async get(@Param('id') id: string): Promise<EpisodeAnswer> {
    return breakWithCauses(this.connections.read, id);
  }
}

/** @throws HoldfastError VALIDATION_FAILED */
export async function breaksPage(
  database: LedgerConnections['read'],
  query: unknown,
): Promise<EpisodeListAnswer> {
  const { cursor, ...filter } = parsed(episodeQuery, query, 'query');
  const { episodes, next } = await breakEpisodes(database, { ...filter, after: cursor });
  return { episodes: episodes.map(renderEpisode), nextCursor: next && episodeCursor(next) };
}

/** @throws HoldfastError NOT_FOUND */
export async function breakWithCauses(
  database: LedgerConnections['read'],
  id: string,
): Promise<EpisodeAnswer> {
  const key = episodeKey(id);
  const episode = key && (await breakEpisode(database, key));
  if (!episode)
    throw new HoldfastError(
      'NOT_FOUND',
      `There is no episode ${id}; GET /operator/breaks lists them.`,
    );
  return renderCauses(episode, await causesOf(database, episode));
}
