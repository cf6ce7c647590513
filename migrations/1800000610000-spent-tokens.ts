import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions and tickets are not stored while they are valid; what ends one early is a row. */
export class SpentTokens1800000610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table spent_tokens (
        id text collate "C" primary key,
        expires_at timestamptz not null
      );
      create index spent_tokens_by_expiry on spent_tokens (expires_at);
      comment on table spent_tokens is
        'Sessions that were signed out and event tickets that were used, for every process. A row '
        'goes an hour after its token could not be used any more.';
      comment on column spent_tokens.id is 'The jti of the token';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table spent_tokens');
  }
}
