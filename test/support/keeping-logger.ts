import type { HubLogger } from '../../hub/logger.ts';

/** A logger that keeps what it is told, for tests that look at it. */
export function keepingLogger(): HubLogger & { readonly lines: { level: string; details: object; message: string }[] } {
  const lines: { level: string; details: object; message: string }[] = [];
  const at = (level: string) => (details: object, message: string) => void lines.push({ level, details, message });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
}
