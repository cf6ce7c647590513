import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromOperator } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { actorOf, type Backend } from '../../common/caller.js';
import { keyNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import {
  type KeyAnswer,
  keyListSchema,
  keySchema,
  createKeySchema,
  newKeySchema,
  revocationQuery,
} from './access.schemas.js';
import { ApiKeys, type KeyRecord } from './api-keys.js';

/** Keys through the API, with the use-cases of the command line. HTTP only. */
@ApiTags('operator')
@Controller('operator/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeys) {}

  @Post()
  @HttpCode(201)
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'operate',
    operationId: 'createKey',
    summary: 'Create an API key',
    problems: ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 201,
    description: 'The key was made. Its text is in this answer only.',
    standardSchema: newKeySchema,
    headers: { Location: { description: "The key's record", schema: { type: 'string' } } },
  })
  async create(
    @Body({ schema: createKeySchema }) body: unknown,
    @FromOperator() operator: Backend,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<{ key: string; record: KeyAnswer }> {
    const { reason, ...request } = parsed(createKeySchema, body, 'body');
    const { record, text } = await this.keys.create(request, { by: actorOf(operator), reason });
    reply.header('location', `/operator/keys/${record.id}`);
    return { key: text, record: renderKey(record) };
  }

  @Get()
  @ApiRoute({
    access: 'operate',
    operationId: 'listKeys',
    summary: 'API keys, newest first',
    problems: ['BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: "All keys, with revoked ones, never the key's text.",
    standardSchema: keyListSchema,
  })
  async list(): Promise<{ keys: KeyAnswer[] }> {
    return { keys: (await this.keys.list()).map(renderKey) };
  }

  @Get(':id')
  @ApiRoute({
    access: 'operate',
    operationId: 'getKey',
    summary: 'One API key',
    problems: ['KEY_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Key id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 200,
    description: "The key's record, never its text.",
    standardSchema: keySchema,
  })
  async get(@Param('id') id: string): Promise<KeyAnswer> {
    if (!isUuid(id)) throw keyNotFound(id);
    return renderKey(await this.keys.find(id));
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'revokeKey',
    summary: 'Revoke an API key',
    description:
      'Takes effect at once in the process that answers, and within a second in all others. ' +
      'Revoking again is harmless.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'KEY_NOT_FOUND',
      'BUSY_RETRY',
    ],
  })
  @ApiParam({ name: 'id', description: 'Key id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 200,
    description: 'Revoked. Its record stays.',
    standardSchema: keySchema,
  })
  async revoke(
    @Param('id') id: string,
    @Query({ schema: revocationQuery }) query: unknown,
    @FromOperator() operator: Backend,
  ): Promise<KeyAnswer> {
    const { reason } = parsed(revocationQuery, query, 'query');
    if (!isUuid(id)) throw keyNotFound(id);
    return renderKey(await this.keys.revoke(id, { by: actorOf(operator), reason }));
  }
}

function renderKey(record: KeyRecord): KeyAnswer {
  const { id, prefix, tenantId, name, scopes, createdBy } = record;
  const time = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    id,
    prefix,
    tenantId,
    name,
    scopes: [...scopes],
    createdAt: record.createdAt.toISOString(),
    createdBy,
    lastUsedAt: time(record.lastUsedAt),
    expiresAt: time(record.expiresAt),
    revokedAt: time(record.revokedAt),
  };
}
