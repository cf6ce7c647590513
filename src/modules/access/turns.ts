/** Requests of one tenant: those that wait, oldest first, and how many of its are worked on. */
interface Tenant<Member> {
  readonly queue: Member[];
  running: number;
}

/** How many more requests at once a tenant may have than one that floods, while both wait. */
const WEIGHT = 2;

/**
 * The order in which tenants that wait are served. Next is the tenant of which the fewest requests
 * are worked on, and among equals the one whose turn is the longest ago. So the first request of a
 * tenant goes before all others of one that floods, and who asks slow things only delays itself. A
 * tenant floods while more of its requests wait than a process works on at once. It may have half
 * as many at once as one that does not.
 */
export class Turns<Member> {
  /** In the order of their turns. A tenant is here while it has a request. */
  private readonly tenants = new Map<string, Tenant<Member>>();
  private waitingCount = 0;
  private runningCount = 0;

  /** @param flooding a tenant with more requests waiting floods */
  constructor(private readonly flooding: number) {}

  get waiting(): number {
    return this.waitingCount;
  }
  get running(): number {
    return this.runningCount;
  }

  /** Whether a tenant floods while another has a request too. */
  get hasFloodBeside(): boolean {
    if (this.tenants.size < 2 || this.waitingCount <= this.flooding) return false;
    for (const { queue } of this.tenants.values()) if (queue.length > this.flooding) return true;
    return false;
  }

  isFlooding(name: string): boolean {
    return (this.tenants.get(name)?.queue.length ?? 0) > this.flooding;
  }

  add(name: string, member: Member): void {
    this.tenantOf(name).queue.push(member);
    this.waitingCount++;
  }

  /** @returns whether it waited */
  remove(name: string, member: Member): boolean {
    const tenant = this.tenants.get(name);
    const at = tenant?.queue.indexOf(member) ?? -1;
    if (!tenant || at < 0) return false;
    tenant.queue.splice(at, 1);
    this.waitingCount--;
    this.forget(name, tenant);
    return true;
  }

  /**
   * Takes the request that is next out of the queue. `begin` counts it when it is worked on.
   * @param few with as many worked on, a tenant that floods leaves the others twice its own number
   */
  take(few = Infinity): Member | undefined {
    let next: readonly [string, Tenant<Member>] | undefined;
    for (const each of this.tenants) {
      const [, tenant] = each;
      if (tenant.queue.length === 0 || this.mustLeaveRoom(tenant, few)) continue;
      if (!next || this.isBefore(tenant, next[1])) next = each;
    }
    if (!next) return undefined;
    const [name, tenant] = next;
    const member = tenant.queue.shift();
    this.waitingCount--;
    // to the end of the turns
    this.tenants.delete(name);
    if (tenant.queue.length > 0 || tenant.running > 0) this.tenants.set(name, tenant);
    return member;
  }

  begin(name: string): void {
    this.tenantOf(name).running++;
    this.runningCount++;
  }

  end(name: string): void {
    const tenant = this.tenantOf(name);
    tenant.running--;
    this.runningCount--;
    this.forget(name, tenant);
  }

  /** How many begin or go on before a new request of this tenant begins. */
  before(name: string): number {
    const own = this.tenants.get(name)?.queue.length ?? 0;
    const ownWeight = this.weightOf(own + 1);
    let before = this.runningCount + own;
    for (const [other, { queue }] of this.tenants) {
      const turns = Math.ceil(((own + 1) * this.weightOf(queue.length)) / ownWeight);
      if (other !== name) before += Math.min(queue.length, turns);
    }
    return before;
  }

  private mustLeaveRoom({ queue, running }: Tenant<Member>, few: number): boolean {
    if (this.runningCount < few || queue.length <= this.flooding) return false;
    return running * WEIGHT >= this.runningCount - running;
  }

  private isBefore(one: Tenant<Member>, other: Tenant<Member>): boolean {
    return (
      one.running * this.weightOf(other.queue.length) <
      other.running * this.weightOf(one.queue.length)
    );
  }

  private weightOf(waiting: number): number {
    return waiting > this.flooding ? 1 : WEIGHT;
  }

  private tenantOf(name: string): Tenant<Member> {
    const known = this.tenants.get(name);
    if (known) return known;
    const tenant: Tenant<Member> = { queue: [], running: 0 };
    this.tenants.set(name, tenant);
    return tenant;
  }

  private forget(name: string, { queue, running }: Tenant<Member>): void {
    if (queue.length === 0 && running === 0) this.tenants.delete(name);
  }
}
