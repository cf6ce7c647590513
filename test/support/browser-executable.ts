import { existsSync } from 'node:fs';

const CANDIDATES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium-headless-shell', // without windows it takes a third less CPU
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
/** A Chromium: the variable CHROMIUM, otherwise where Debian or Google puts it. */
export const BROWSER_EXECUTABLE = CANDIDATES.find((file) => file !== undefined && existsSync(file));
