import { describe, expect, test } from '@jest/globals';
import { Turns } from './turns.js';

const FLOODING = 4;
interface Asked {
  readonly tenant: string;
  readonly name: string;
}

class Door {
  readonly turns = new Turns<Asked>(FLOODING);

  ask(tenant: string, count: number): void {
    for (let at = 0; at < count; at++) this.turns.add(tenant, { tenant, name: `${tenant} ${at}` });
  }
  begin(few?: number): string | undefined {
    const next = this.turns.take(few);
    if (next) this.turns.begin(next.tenant);
    return next?.name;
  }
  fill(places: number, few?: number): (string | undefined)[] {
    return Array.from({ length: places }, () => this.begin(few));
  }
}
const countOf = (names: readonly (string | undefined)[], tenant: string): number =>
  names.filter((name) => name?.startsWith(`${tenant} `)).length;

describe('turns', () => {
  test('the first request of a tenant goes before all that a flooding one has waiting', () => {
    const door = new Door();
    door.ask('flood', 500);
    door.fill(16);
    door.ask('other', 1);
    expect(door.turns.before('other')).toBe(16 + 2);
    expect(door.turns.hasFloodBeside).toBe(true);
    door.turns.end('flood');
    expect(door.begin()).toBe('other 0');
    expect(door.turns.before('flood')).toBe(16 + 484);
  });

  test('of two that do not flood each has half of the places, whatever they ask for', () => {
    const door = new Door();
    door.ask('one', FLOODING);
    door.ask('two', FLOODING);
    const begun = door.fill(6);
    expect([countOf(begun, 'one'), countOf(begun, 'two')]).toEqual([3, 3]);
    expect(door.turns.hasFloodBeside).toBe(false);
  });

  test.each([[3], [6], [9], [15]])('of %d places a flood has a third', (places) => {
    const door = new Door();
    // the other always has a request that waits, and does not flood
    door.ask('flood', 500);
    const begun: (string | undefined)[] = [];
    door.ask('other', 1);
    while (begun.length < places) {
      const name = door.begin();
      begun.push(name);
      if (name?.startsWith('other') === true) door.ask('other', 1);
    }
    expect(countOf(begun, 'flood')).toBe(places / 3);
  });

  test('with one place the two have every second turn, so neither starves', () => {
    const door = new Door();
    door.ask('flood', 500);
    const order: string[] = [];
    while (order.length < 6) {
      door.ask('other', 1);
      const [tenant = ''] = (door.begin() ?? '').split(' ');
      order.push(tenant);
      door.turns.end(tenant);
    }
    expect(order.toSorted()).toEqual(['flood', 'flood', 'flood', 'other', 'other', 'other']);
    expect(new Set(order.slice(0, 2)).size).toBe(2);
  });

  test('above few a flood leaves the others twice its number; a tenant that does not flood is let in', () => {
    const door = new Door();
    door.ask('flood', 500);
    expect(countOf(door.fill(8, 8), 'flood')).toBe(8);
    expect(door.begin(8)).toBeUndefined();
    door.ask('other', 3);
    expect(door.fill(3, 8)).toEqual(['other 0', 'other 1', 'other 2']);
    expect(door.begin(8)).toBeUndefined();
    expect(door.begin()).toBe('flood 8');
  });

  test('a request that has gone leaves its place, and a tenant without requests is forgotten', () => {
    const turns = new Turns<string>(FLOODING);
    turns.add('one', 'gone');
    expect(turns.remove('one', 'gone')).toBe(true);
    expect(turns.remove('one', 'gone')).toBe(false);
    expect([turns.take(), turns.waiting, turns.running]).toEqual([undefined, 0, 0]);
  });

  test('who asks for slow things delays only itself', () => {
    const door = new Door();
    door.ask('slow', 3);
    door.fill(3);
    door.ask('slow', 3);
    door.ask('quick', 3);
    expect(door.fill(3)).toEqual(['quick 0', 'quick 1', 'quick 2']);
  });
});
