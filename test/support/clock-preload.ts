/**
 * Loaded with --import: this process's wall clock is CLOCK_AHEAD_SECONDS ahead. Timers are not
 * touched.
 */
const ahead = Number(process.env['CLOCK_AHEAD_SECONDS'] ?? '0') * 1000;
const RealDate = globalThis.Date;
const shifted = (): number => RealDate.now() + ahead;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shifted()] : args, newTarget) as Date,
  apply: () => new RealDate(shifted()).toString(),
  get: (target, name) => (name === 'now' ? shifted : (Reflect.get(target, name) as unknown)),
});
