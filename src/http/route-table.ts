/**
 * The methods that a path knows, so that a wrong method (405) differs from a wrong path (404).
 * Patterns as the router has them: `/loans/:id`.
 */
export class RouteTable {
  private readonly routes: { readonly pattern: RegExp; readonly method: string }[] = [];

  add(methods: string | readonly string[], url: string): void {
    if (url.includes('*')) return; // static files: any other path below is a wrong path
    const source = url
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
      )
      .join('/');
    for (const method of [methods].flat())
      this.routes.push({ pattern: new RegExp(`^${source}/?$`), method });
  }

  methodsOf(path: string): string[] {
    return [
      ...new Set(
        this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method),
      ),
    ].sort();
  }
}
