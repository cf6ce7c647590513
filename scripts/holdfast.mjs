#!/usr/bin/env node
// `holdfast COMMAND`: builds what has changed (an image has no sources, and nothing to build) and
// runs the command line.
import { build } from './build.mjs';

process.setSourceMapsEnabled(true);
await build();
await import('../dist/program/cli.js');
