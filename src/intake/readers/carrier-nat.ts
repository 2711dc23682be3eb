/**
 * Whether an address, in canonical form, is one that a carrier shares among many customers (RFC 6598,
 * 100.64.0.0/10): without the port it names nobody.
 */
export function isCarrierNat(ip: string): boolean {
  const match = /^100\.(\d{1,3})\./.exec(ip);
  return match !== null && Number(match[1]) >= 64 && Number(match[1]) < 128;
}

/** A port as a number, or null when the text is none. */
export function portOf(text: string): number | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port > 0 && port < 65_536 ? port : null;
}
