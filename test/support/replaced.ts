/** An object with some of its methods replaced, and the rest as they are. */
export const replaced = <T extends object>(whole: T, own: Partial<T>): T =>
  new Proxy(whole, {
    get: (target, name) => {
      const member: unknown = name in own ? own[name as keyof T] : target[name as keyof T];
      return typeof member === 'function' && !(name in own)
        ? (member.bind(target) as unknown)
        : member;
    },
  });
