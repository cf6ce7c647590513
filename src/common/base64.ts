const ALPHABET = /^[A-Za-z0-9+/]+$/;
/** A group of base64 has 2 to 4 letters: one alone holds no byte. */
const GROUP = 4;

/**
 * Standard base64 with padding, on one line, of what wallets and shells make of it: wrapped lines,
 * a newline at the end, the URL-safe alphabet, no padding. Null: this is no base64.
 */
export function canonicalBase64(text: string): string | null {
  const letters = text
    .replaceAll(/[ \t\r\n]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  const padding = letters.endsWith('==') ? 2 : letters.endsWith('=') ? 1 : 0;
  const bare = padding === 0 ? letters : letters.slice(0, -padding);
  if (!ALPHABET.test(bare) || bare.length % GROUP === 1) return null;
  if (padding > 0 && (bare.length + padding) % GROUP !== 0) return null;
  return Buffer.from(bare, 'base64').toString('base64');
}
