import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';

/**
 * Loaded before the service. SIGUSR2 begins a CPU profile, and the next one writes it into the
 * folder that this module's address names, so that a profile covers one window of one kind.
 */
const folder = new URL(import.meta.url).searchParams.get('folder') ?? '.';
const SAMPLED_EVERY_US = 200;
const session = new Session();
session.connect();
let profiles = 0;
let running = false;

async function toggle(): Promise<void> {
  running = !running;
  if (running) {
    profiles++;
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLED_EVERY_US });
    await session.post('Profiler.start');
    console.log(`profile ${profiles} begun`);
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  const name = `${process.pid}-${profiles}.cpuprofile`;
  writeFileSync(path.join(folder, name), JSON.stringify(profile));
  console.log(`profile ${profiles} written`);
}

process.on('SIGUSR2', () => {
  toggle().catch((thrown: unknown) => {
    console.error('no profile:', thrown);
  });
});
