import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ownerDatabase, readConfig } from './src/common/config.js';
import { migrationOptions } from './src/database/migrate.js';

/** For the command line of TypeORM, which takes the one DataSource that is exported here. */
export default new DataSource(
  migrationOptions(ownerDatabase(readConfig()) || 'postgres://postgres@127.0.0.1:5432/holdfast'),
);
