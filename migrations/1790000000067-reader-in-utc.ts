import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createRole } from './reporting/role.js';

/**
 * The reader's sessions are in UTC unless a client says otherwise: the server's time zone, or
 * whatever it was started with, shifted days and bare timestamps.
 * `createRole` sets what a role of before lacks. Not taken back: the role is of the cluster, and
 * other databases in it may be of the newer version.
 */
export class ReaderInUtc1790000000067 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(createRole('holdfast_reporting'));
  }
  async down(): Promise<void> {
    /* the role stays as it is */
  }
}
